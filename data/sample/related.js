/* 示例站点：相关新闻由脚本填充 */
function relatedItems(list) {
  var html = "", plain = function (text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;"); };
  for (var i = 0; i < list.length; i++) {
    html += '<li><a href="' + list[i].url + '" target="_blank">' + plain(list[i].title) + '</a>' +
      '<span class="from"><em>' + list[i].time + '</em> <i class="source">' + plain(list[i].source) + '</i></span></li>';
  }
  return html;
}
function fillRelated(id, address) {
  var request = new XMLHttpRequest();
  request.onreadystatechange = function () {
    if (request.readyState !== 4 || request.status !== 200) { return; }
    document.getElementById(id).innerHTML = relatedItems(JSON.parse(request.responseText).data.list);
  };
  request.open("GET", address, true);
  request.send();
}
