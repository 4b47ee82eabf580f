"""Who is credited: 来源, 作者, 记者, 通讯员 and 编辑, out of labelled lines and out of the body's own credits.

A byline is a row of labels and values in any order, with or without separators between them. It is cut at its labels,
at its dates and at the furniture around it (字体, 点击数, 分享 …), so that a label that is printed but empty gives nothing
instead of its neighbour. Within the body a person is named by where a credit stands (in brackets, behind the dateline,
before 摄, as a line of its own), and told from a word by surname and length. All of it is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from newscrawl.extract import dates
from newscrawl.extract.dates import Moment
from newscrawl.extract.text import clean
from newscrawl.items import Editor

MAX_LINE = 2000
"""Characters of a byline that are read; what is longer is no byline."""

MAX_CREDIT = 300
"""Characters of a credit within the body; the longest lists of 参与记者 stay below."""

MAX_MENTIONS = 1000
"""How often 记者 and 通讯员 are looked at in one text; real articles hold a tenth of it."""


@dataclass(slots=True)
class Byline:
    """What a byline says; ``None`` or empty is what it leaves out.

    ``authors`` are the people credited with the article: those of 作者, or else those whom the line calls 记者, or else
    those who stand behind the source without a label.
    """

    published: Moment | None = None
    source: str | None = None
    authors: list[str] = field(default_factory=list)
    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    editors: list[Editor] = field(default_factory=list)


def _any(words: str, *, apart: bool = False) -> str:
    """A pattern for any of some words, the longest first; ``apart``: a blank may stand between their characters."""
    ordered = sorted(words.split(), key=len, reverse=True)
    return "|".join(" ?".join(word) if apart else re.escape(word) for word in ordered)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# -- people

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_DOTS = "·•‧・∙･"

# Single surnames: the classic list and those that census tables add, short of a few that begin far more words than
# names (年, 公, 国, 海, 山, 东, 广, 南, 多, 有, 第, 新, 大, 中, 空, 后, 从, 相, 化, 力).
_SURNAMES = frozenset("""
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方
俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧
计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫
经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄麴家封芮羿储靳汲邴糜松井段富巫乌焦巴弓
牧隗谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索籍赖卓蔺屠蒙池乔阴胥
能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖
庾终暨居衡步都耿满弘匡文寇禄阙欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶曾毋沙乜养鞠须丰巢关蒯查荆红游竺权逯
盖益桓才付肖闫邸仝佟兰展冼占但佘买冶丛仉修候栗楚丘亓初刀区卿历叱召喇图塔奉奇妥宝宛将尕岳岱巨帅庹延开弥晋普智曲朴枚
格桐欣母泉洋洛浮涂淡渠漆澹牟犹玉瑞甫由皇盘矫福税穰竹笪答粟练绪缑翦肇胶腾苑英茆荔蔄虎虢覃谌谯豆赏达迟郅郇郐郸鄢鄯
里锁镇门问阳陀阿雒静革风饥香鲜鹿麦黑鼓龍張陳劉黃楊趙吳孫馬鄭謝許鄧馮蕭葉呂蘇盧蔣賈韋閻鍾譚鄒陸韓羅蔡聶關龐嚴齊龔
湯賴喬賀溫顧錢車苟亢仵撒沐呙粘蹇郄禤尧励邝甯玄敬眭綦衣揭尉郗宾岩闭原代谭芦隋楼战禚苌檀
""") - frozenset("\n开将里问答達达占镇")
_DOUBLE = _set("""
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容
仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 闾丘 呼延 子车 亓官 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕
段干 淳于 百里 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 爱新 叶赫 完颜 纳兰 歐陽 司馬 諸葛
""")

# Words that begin like a name and stand where names stand.
_WORDS = _set("""
安徽 江苏 江西 云南 宁夏 宁波 贵州 吉林 金华 温州 常州 成都 石家 连云 武汉 唐山 郑州 徐州 杭州 阳江 黄山 黄石 乌鲁 鄂尔 包头
白银 西安 江门 江阴 安阳 安庆 荆州 荆门 衡阳 衡水 盘锦 景德 寿光 平顶 甘肃 福建 洛阳 牟平 香港 延安 晋江 曲阜 泉州 宝鸡 瑞金
黑龙 阿里 英国 瑞士 瑞典 越南 印度 巴黎 明天 明年 明日 时间 时候 时期 时隔 时任 时值 时时 全国 全市 全省 全县 全区 全面 全媒
全程 全文 全体 全新 全年 全球 全力 全部 全家 高温 高考 高校 高速 高铁 高中 高级 高度 高兴 高清 高新 高峰 高层 高端 方面 方便
方案 方法 方才 平安 平台 平均 平时 平常 平日 平方 平米 安全 安排 安装 车辆 车主 车站 车间 车上 应急 应该 应邀 应对 应用 应当
白天 白色 文旅 文明 文化 文字 文章 文图 文件 文物 文案 文艺 文创 文博 强调 强降 强化 路上 路过 路边 解放 解读 解决 解释 解说
包括 包含 满意 满足 满载 满是 司机 司法 司令 计划 计算 计生 成功 成立 成为 成员 成绩 成本 成果 成人 和平 和谐 关于 关注 关键
关系 关闭 关心 关爱 关怀 关停 项目 单位 单独 单车 党委 党员 党建 党政 党媒 居民 居然 居住 居家 居委 农民 农业 农村 农户 农田
农产 农历 容易 容纳 万元 万人 权威 权利 权益 经济 经过 经营 经验 经常 经查 通过 通讯 通报 通知 通告 通信 通道 通车 通行 支持
支队 支付 管理 管委 管控 管制 向前 向上 向下 向记 向导 向往 于是 于今 于昨 于此 于我 利用 利益 利率 元旦 元宵 元素 元月 华侨
华人 华东 华西 华南 华北 华中 谢谢 谢绝 曾经 曾多 曾有 曾在 曾是 曾任 查看 查阅 查询 查到 查处 查证 连续 连日 连线 连夜 连连
连接 连锁 常年 常说 常见 常务 常委 何时 何处 何为 那么 那些 那个 别人 别的 别墅 能够 能源 能否 能看 谈到 谈及 谈话 闻讯 闻名
陆续 左右 易地 易拉 易发 步入 步行 步骤 边走 边拍 边境 边防 尚未 都是 都在 都有 都市 都能 都会 都要 都没 越来 越野 顾客 周边
周围 周末 周年 周一 周二 周三 周四 周五 周六 周日 章程 施工 施行 施策 张贴 张罗 张家 严重 严格 严厉 严禁 金融 金额 金牌 金秋
马上 马路 马拉 水果 水平 水利 水务 云端 任务 任何 任职 任命 花园 毕业 毕竟 乐观 康复 余人 余名 明显 明确 明白 伏击 宋代 危险
危机 江河 江边 江南 江北 颜值 林业 林区 夏季 夏天 夏日 秋季 秋天 秋日 田间 田野 房屋 房产 房间 房子 干部 干警 宗旨 宣传 宣布
宣讲 石油 程序 荣誉 荣获 家长 家庭 家属 家人 家住 家乡 家中 家门 家里 储蓄 松江 段时 富裕 巴士 班子 班级 班主 班车 宫颈 武警
武装 符合 景区 景点 景观 景色 龙头 叶片 幸福 幸运 印发 印象 怀疑 怀孕 索要 卓越 池塘 双方 双十 双双 劳动 劳务 申请 申报 申领
扶贫 扶持 堵车 堵塞 桑拿 牛奶 牛羊 燕郊 温度 温暖 温馨 充电 充分 充满 充足 习惯 习俗 古代 古城 古镇 古村 终于 终身 隆重 师生
师傅 师德 融合 融资 融媒 冷空 冷链 简单 简介 简历 沙滩 沙漠 养老 养殖 养生 须知 丰富 丰收 红色 红包 红网 红星 红旗 红军 游客
游戏 游泳 游玩 盖章 益智 欣赏 普通 普遍 普及 普查 智慧 智能 英雄 英语 英文 洋溢 海报 福利 福彩 税务 税收 门口 图片 图为 图文
图表 图书 图源 图中 静态 玉米 楼上 楼下 楼市 楼盘 帅气 奉献 宝贵 宝宝 宝马 泉水 淡水 米粉 米饭 麦田 麦收 黑色 黑车 香水 鲜花
鲜血 虎年 展示 展开 展览 展望 展会 展现 延伸 延续 延长 晋级 晋升 相关 消息 综合 编者 佚名 匿名 网络 记者 原创 教授 主任 博士
原来 原因 原则 原标 原题 原文 原料 原有 原本 代表 代替 代理 代码 敬请 敬老 敬业 衣服 宾馆 宾客 岩石 律师 战略 战斗 战士 战争 战役 战场 战胜 战疫 战时 战友 战队 战后 楼房 楼道 楼宇 楼层 楼顶 楼梯 楼栋 楼主 楼长 部长 书记 局长 市长 主席 研究 院长 校长 院士 老师 先生 女士 小编 编辑
""")

# Words that are people's names too, where only a name can stand.
_NAMESAKES = _set("高峰 田野 江南 江河 高兴 向前 平安 和平 夏天 温馨 成功 卓越 解放 幸福")

# Cities that are read like names, where 报道, 讯 or 电 hangs on them: 记者 王晴 娄底报道. People bear the same names.
_CITIES = _set("""
娄底 安康 安顺 常德 常熟 丰城 甘孜 和田 贺州 红河 华阴 华蓥 黄冈 吉安 吉首 焦作 金昌 晋城 晋中 景洪 柳州 龙岩 龙口 龙海 陆丰
罗定 吕梁 马鞍山 宁德 宁乡 平凉 平度 平湖 蒲江 荣成 融水 沙河 邵武 邵阳 石林 石狮 松原 宿迁 宿州 滕州 通化 通辽 通州 万州
万宁 温岭 文昌 文山 乌海 乌苏 巫山 巫溪 武威 武夷山 项城 邢台 许昌 宣城 宣威 延边 延吉 阳泉 阳春 伊春 伊犁 伊宁 应城 于都
余姚 余杭 玉林 玉树 玉溪 岳阳 云浮 云阳 张掖 章丘 周口 诸城 诸暨 庄河 卓尼 邹城 邹平 安丘 安吉 鲁山 梁平 高邮 高密 高州 高要
韩城 洪湖 怀化 怀柔 江山 江油 江津 金坛 康定 林州 林芝 凌源 凌海 龙泉 明光 沈阳 石首 汤阴 汪清 卫辉 吴江 吴忠 应县 禹州 师宗
施甸 舒城 舒兰 桂林 桂平 古交 敖汉 易县 易门 温县 姜堰 巴中 巴东 毕节 单县 武安 武夷 祁阳 金沙 黎平 文登 乐陵 乐山 乐平 乐清
乐昌 夏津 曹县 巨野 荣昌 丰都 莘县 高唐 成武 惠州 惠民 利津 寿县 巢湖 池州 宣州 宁国 蒙城 霍山 霍邱 金寨 凤阳 凤城 康平 庄浪
秦州 和政 夏河 祁连 乌恰 于田 阿图什 石河子 温宿 温泉 甘州 安宁 安岳 乐至 武胜 岳池 宣汉 万源 通江 平昌 雷波 康县 成县 文县
平遥 祁县 左权 和顺 武乡 安泽 古县 浮山 吉县
""")

# What names of offices and media end in.
_ORGANISATION = re.compile(
    "(?:"
    + _any("""
    报 报社 网 社 台 电视 新闻 客户端 频道 在线 媒体 传媒 融媒 周刊 杂志 刊 局 委 委员会 部 院 厅 处 科 室 办 署 大学 学院 学校 中学 小学
    中心 公司 集团 政府 协会 学会 联合会 总会 商会 基金会 银行 法院 检察院 公安 分局 支队 大队 总队 中队 街道 乡 镇 村 社区 工作室 出版社
    医院 研究所 派出所 机场 车站 平台 公众号 官微 发布 党校 联盟 文联 工会 团委 妇联 管委会 党委 支部
    """)
    + ")$"
)
_ORGANISATION_ENDS = frozenset("报网社台刊局委部院厅处署闻视")

# In words, rarely in names that begin with no known surname.
_UNNAMED = frozenset(
    "的了在从到对是有不将被把与及这我你他她它们报道访谈摄编辑整综述供稿件电讯片视频音观察调查手者员注按会节站证团说称问答"
    "表示告诉认知悉发自今昨如果因但而也都还又很最更让可以已经随跟去看见听走点关号版责闻原据附转载微信公众网站客户端左右上下"
    "等和或介绍名单并于至由其一二三四五六七八九十两几每各该此本点年月时分"
)
# First characters of names out of Uyghur, Kazakh, Mongolian and Tibetan, written without a dot.
_BORROWED = frozenset("阿艾热买吐依努库迪帕麦玛扎格次旦尼央洛丹仁嘎乌苏布那哈赛塔拉其巴达萨古娜")

_DOTTED = re.compile(rf"[{_HAN}]{{1,10}}(?:[{_DOTS}.．][{_HAN}]{{1,10}}){{1,4}}")
_DOT = re.compile(rf"[{_DOTS}.．]")
_OUTLET = re.compile(r"(?:报|网|新闻|融媒体?|客户端|频道|电视台|广播|视频)$")
_HAN_ONLY = re.compile(rf"[{_HAN}]+")
_HAN_ANY = re.compile(f"[{_HAN}]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"[。！？!?；;…]")


def is_person(word: str) -> bool:
    """Whether a word is a Chinese name for sure: a surname and one or two characters more, or a dotted name."""
    size = len(word)
    if size < 2 or size > 24:
        return False
    double = word[:2] in _DOUBLE
    if (word[0] not in _SURNAMES and not double) or not _HAN_ONLY.fullmatch(word):
        return size > 2 and _dotted(word)
    if word[:2] in _WORDS or word[-1] in "的了是们报网" or (size > 2 and word[-1] in _ORGANISATION_ENDS):
        return False
    return size in (3, 4) if double else size <= 3


def _dotted(word: str) -> bool:
    if not _DOTTED.fullmatch(word) or word.endswith(("表示", "认为", "指出", "告诉", "介绍", "说", "称")):
        return False
    # 大河报·豫视频 is a medium and its app.
    return not any(len(part) > 2 and _OUTLET.search(part) for part in _DOT.split(word))


def _perhaps(word: str) -> bool:
    """Whether a word may be a name where only names stand: the pseudonym of a press office, a minority name."""
    if is_person(word) or word in _NAMESAKES:
        return True
    if not 2 <= len(word) <= 4 or not _HAN_ONLY.fullmatch(word) or word[:2] in _WORDS:
        return False
    return not _UNNAMED.intersection(word) and not _ORGANISATION.search(word)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _together(words: Sequence[str], index: int) -> tuple[str, int]:
    """A name whose characters are printed apart (林 悦, 林 小 悦, 林 小悦, 欧阳 娜), and the index of the word behind it."""
    word = words[index]
    end = index + 1
    if end == len(words) or not _HAN_ONLY.fullmatch(word):
        return word, end
    if word in _DOUBLE and len(words[end]) <= 2 and _HAN_ONLY.fullmatch(words[end]):
        return word + words[end], end + 1
    if len(word) != 1:
        return word, end
    limit = min(len(words), index + 8)
    while end < limit and len(words[end]) == 1 and words[end] not in "摄等" and _HAN_ONLY.fullmatch(words[end]):
        end += 1
    singles = end - index
    if singles == 1:
        given = words[end]
        whole = word in _SURNAMES and len(given) == 2 and _HAN_ONLY.fullmatch(given)
        if whole and not is_person(given) and not _TAIL.fullmatch(given):
            return word + given, end + 1
        return word, end
    take = 3 if singles == 3 or (singles > 3 and words[index + 2] not in _SURNAMES) else 2
    return "".join(words[index : index + take]), index + take


def _joined(word: str) -> Iterator[str]:
    """张三和李四 as two; 张和平 and 李与时 as one."""
    if 5 <= len(word) <= 9 and word[0] in _SURNAMES:
        for index in range(2, len(word) - 1):
            if word[index] in "和与及" and is_person(word[:index]) and is_person(word[index + 1 :]):
                yield word[:index]
                yield word[index + 1 :]
                return
    yield word


# -- trades and roles within a list of people

_ROLES = re.compile(
    "(?:"
    + _any(
        "全媒体 融媒 融媒体 见习 实习 首席 资深 高级 特约 特派 特邀 摄影 摄像 视频 文字 图片 本报 本网 本台 本刊 本社 本站 总台 报业集团"
    )
    + "){0,4}(?:"
    + _any("记者 通讯员 实习生", apart=True)
    + "|评论员|撰稿[人员]?|特派员|观察员|报道员)"
)
# Roles whose names are neither 记者 nor 通讯员 once they lead a list.
_OTHERS = re.compile(
    "(?:"
    + _any("""
    摄影 摄像 制图 绘图 供图 图片 视频 剪辑 出镜 编导 配音 主播 海报 设计 美编 统筹 策划 文案 校对 审核 监制 签发 编审 翻译 主持 主持人
    评论员 来源 图源 值班
    """)
    + "|(?:责任|初审|值班|实习|见习|新媒体|网络|图片|视频|执行)?(?:编 ?辑|责 ?编|主编))(?=[ :：/／|｜丨】\\]]|$)"
)
_WORK = "摄影报道 综合报道 图文报道 文图 图文 摄影 摄像 摄制 报道 整理 整合 编译 综合 供稿 供图 撰文 撰稿 采写 拍摄 航拍 摄 等"
_TAIL = re.compile(
    f"(?:{_any(_WORK)}|"
    + _any("文 图 影 文摄 摄文 图摄 综述 编写 通讯 专稿 特稿 专电 口述 视频 合成 制图 绘 译 编 实习")
    + rf"|[{_HAN}]{{0,8}}报道|发自[{_HAN}]{{1,8}})"
)
_ATTACHED = re.compile(f"(?:{_any(_WORK)})++$")
# What hangs on the place that a report comes from.
_REPORTED = re.compile(rf" ?(?:(?:摄影|综合|图文)?报道|[讯电](?![{_HAN}]))")
_CRAFT = re.compile(r"(?:图|文|摄|视频|影) ?[/／、+] ?(?:图片|图|文|摄影|摄|视频)(?: ?[/／、+] ?(?:图|文|摄|视频))?")


def _is_place(text: str, position: int) -> bool:
    """Whether the place of a report stands here, where people are listed: 娄底报道 behind 王晴."""
    return any(text[position:end] in _CITIES and _REPORTED.match(text, end) for end in (position + 2, position + 3))


def _peel(word: str) -> str:
    """A word without the trade that hangs on to it: 张三摄, 李四报道."""
    match = _ATTACHED.search(word)
    return word[: match.start()] if match and match.start() >= 2 else word


# -- labels

_EDITING = (
    "(?:"
    + _any("""
    责任 执行 值班 值守 当班 本期 本版 本文 网络 网页 新媒体 全媒体 融媒体 微信 微博 首席 见习 实习 助理 图片 视频 文字 文案 美术 视觉 版式
    高级 资深 特约 特邀 轮值 流程 栏目 内容 初审 复审 终审 一审 二审 三审 初校 复校 终校 技术 图文
    """)
    + "){0,3}"
)
# Labels of an editor; a line of them alone is no part of the article.
_STRONG = (
    "(?:"
    + _any("""
    副主编 总编辑 副总编 副总编辑 常务副总编 核发 责校 责审 总审 主审 初审 复审 终审 一审 二审 三审 一校 二校 三校 初校 复校 终校 签审 值班主任
    值班领导 值班总监 值班长 值审 网编 责任人 录入 录入人 录入员 上传 上传人 信息员 把关 编校 编辑人 校对人 审核人 审稿人 核稿人 审签人 签发人
    终审发布 审核发布 编辑发布 选稿
    """)
    + "|"
    + _any(
        "责任编辑 编辑 责编 编审 编委 主编 总编 编发 校对 校审 审核 审校 审读 审稿 审定 审签 审发 复核 核稿 监制 监审 总监制 签发 值班",
        apart=True,
    )
    + ")"
)
# Labels of those who made something of it; kept as editors, but a body may speak of them too.
_WEAK = (
    "(?:"
    + _any(
        """
    策划 总策划 统筹 总统筹 出品 出品人 总出品人 监印 美编 视觉 设计 美术 排版 版式 制图 绘图 制作 制作人 海报 编导 剪辑 后期 配音 主播
    播音 出镜 运营 信息发布 发布人 发布者 发布员 翻译 编译 译者 整理 质检 导播 技术
    """,
        apart=True,
    )
    + ")"
)
_SOURCES = (
    "(?:(?:本文|文章|信息|稿件|新闻|消息|内容|转载|原文|作品|媒体|原始|采集|资讯) ?)?来 ?源(?:网站|媒体|单位|于)?|稿 ?源"
    "|(?:文章|稿件|信息)?出 ?处|(?:本文|文章)?(?:转载?自|摘自|选自|原载于?)"
)
_ORIGINS = "发布机构|发布单位|供稿单位|来稿单位|报送单位|信息提供|供 ?稿|(?:来自|首发于?|公众号)(?= ?[:：])"
_AUTHORS = (
    rf"(?<![{_HAN}])(?:文字? ?[/／、&+] ?(?:图片?|摄影?|视频)|图片? ?[/／、&+] ?文字?)(?= ?[:：/／|｜丨】\]]| [{_HAN}])"
    "|(?:本文|文章|原文|原)?作 ?者|撰 ?文|撰 ?稿人?|撰写人?|执 ?笔|采 ?写"
    rf"|(?<![{_HAN}])(?:主笔|图文|文图|文字|文)(?= ?[:：/／|｜丨】\]])"
)
_TIMES = (
    "(?:(?:首次|最后)?(?:"
    + _any("发布 发表 录入 添加 上传 刊发 编辑 成文 生成 创建 稿件 上线 出版 推送 提交 加入 公开 新闻 文章 播出")
    + r")?(?:时 ?间|日 ?期)|(?:发布|发表|刊发|发)于)(?= ?[:：】\]]| ?\d)"
)
_STALE = r"(?:最后|最近)?(?:更新|修改)(?:时间|日期|于)?(?= ?[:：】\]]| ?\d)|(?:当前|现在)(?:时间|日期)|今天是"
_ELSE = (
    "(?:图片|图文图片|数据|视频|音频|资料|题图|封面|配图|图表|素材|线索|原图)(?:来源|提供)|图 ?源"
    "|作者(?:简介|单位|介绍|观点|系|为)|编辑(?:部|器|推荐|点评)|编者按"
    rf"|(?<![{_HAN}])(?:{_any('摄影 摄像 图片 插图 视频 供图 口述 受访 受访人 讲述 图 摄 影', apart=True)})(?= ?[:：/／|｜丨】\]])(?! ?/ ?文)"
    rf"|(?<![{_HAN}])摄[影像](?= [{_HAN}])"
)
_COUNTERS = """
字体 字号 点击 点击数 点击量 点击率 点击次数 浏览 浏览量 浏览数 浏览次数 阅读 阅读量 阅读数 阅读次数 访问量 访问次数 关键词 关键字 标签 栏目
索引号 文号 原标题 导读 摘要 电话 热线 邮箱 分享到 纠错 报料热线 新闻热线
"""
_BUTTONS = """
字号减小 字号增大 字大 字小 大字 小字 人气 热度 次数 评论 评论数 跟帖 跟贴 参与 参与互动 分享 分享至 分享给 分享文章 打印 打印本稿 打印本页 打印此页
打印本文 关闭 关闭窗口 关闭本页 收藏 收藏本文 纠错 我要纠错 举报 推荐 转发 点赞 订阅 评价 手机看新闻 手机阅读 扫一扫 扫码 微信 新浪微博 微博
QQ空间 QQ 繁体 简体 保护视力色 背景色 语音播报 语音朗读 朗读 听新闻 听全文 分类 所属频道 主题词 主题分类 版权 我有话说 我要评论 我要留言 发表评论
查看评论 大中小 小中大 特大 默认 正文 首页 当前位置 您当前位置 您当前的位置 所在位置 您所在的位置 新闻热线 投稿邮箱 值班电话 联系电话 联系方式
联系人 地址 展开 收起 关注 进入 参加讨论 发言 听 版权声明 下载客户端 下载APP 打开客户端 打开APP 我来说两句
"""
_DATES = (
    r"(?<!\d)(?:(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}(?!\d) ?日?|(?:19|20)\d\d \d\d/\d\d(?!\d)|\d{1,2}月\d{1,2}日"
    r"|(?:\d\d-)?\d\d-\d\d(?= \d\d:)|\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)|\d{1,2} ?(?:秒|分钟|小时|天)前)|(?<!\d)(?:昨天|今天|前天|刚刚)(?= ?\d|$)"
)
# The order matters: a label stands before those that it contains.
_ANY_LABEL = "|".join(
    f"(?P<{kind}>{pattern})"
    for kind, pattern in (
        ("time", _TIMES),
        ("stale", _STALE),
        ("other", _ELSE),
        ("editor", f"{_EDITING}{_STRONG}(?: ?[/／、&] ?{_EDITING}(?:{_STRONG}|{_WEAK})){{0,3}}"),
        ("maker", f"{_WEAK}(?: ?[/／、&] ?(?:{_EDITING}{_STRONG}|{_WEAK})){{0,3}}"),
        ("source", _SOURCES),
        ("origin", _ORIGINS),
        ("author", _AUTHORS),
        ("correspondent", "(?:特约|特邀|优秀|本报|本网)?通 ?讯 ?员"),
        (
            "reporter",
            "(?:全媒体|融媒体?|见习|实习|首席|资深|特约|特派|摄影|本报|本网|本台|本刊|本社){0,4}记 ?者(?![会节站证团们协之])",
        ),
        ("junk", rf"(?<![{_HAN}])(?:{_any(_BUTTONS + _COUNTERS, apart=True)}|A[+-])(?![{_HAN}])"),
        ("counter", f"(?:{_any(_COUNTERS, apart=True)})(?= ?[:：])"),
        ("date", _DATES),
        ("bar", "[|｜丨│┃¦]"),
    )
)
# A look at one character first: a label begins with one of its own, most of a text is made of others.
_LABELS = re.compile(f"(?=[\\dAQ|｜丨│┃¦{''.join(sorted(set(re.findall(f'[{_HAN}]', _ANY_LABEL))))}])(?:{_ANY_LABEL})")
_PEOPLE = ("author", "reporter", "correspondent")
# The characters of labels as pages from 香港, 澳門 and 台灣 print them.
_SIMPLIFIED = str.maketrans(
    "來責編輯記訊員審監製總採寫攝攝圖時間發佈稿執筆處", "来责编辑记讯员审监制总采写摄摄图时间发布稿执笔处"
)
_TRADITIONAL = re.compile("[來責編輯記訊員審監製總採寫攝圖時間發佈執筆處]")
# What binds a label to its value.
_BOUND = re.compile(r" ?[】\]）)]? ?[:：]+[ :：]*| ?[】\]] ?| ?[/／|｜丨·] ?")
_EDGE = re.compile(rf"[^{_HAN}A-Za-z0-9_]")
_MEDIUM_BEFORE = re.compile(rf"(?<![{_HAN}])[{_HAN}]{{2,6}}$")


class _Part(NamedTuple):
    """One label of a line and what stands behind it, up to the next label, date or bar."""

    kind: str
    label: str
    value: str
    bound: bool
    """Whether a colon, bar or bracket ties the value to the label."""
    start: int
    glued: bool
    """Whether the value runs into a label of people without a blank."""


@lru_cache(maxsize=128)
def _parts(line: str) -> tuple[_Part, ...]:
    """A clean line, cut at its labels; what stands before the first comes as kind ``""``.

    Remembered for a while: a line is asked for its editors and its source, whether it is a credit, and read.
    """
    cuts: list[tuple[int, int, str, str, bool]] = []
    position = 0
    simple = line.translate(_SIMPLIFIED) if _TRADITIONAL.search(line) else line
    while match := _LABELS.search(simple, position):
        kind = match.lastgroup or ""
        start, end = match.span()
        position = max(end, start + 1)
        tie = None if kind in ("date", "bar") else _BOUND.match(line, end)
        if tie and kind in ("source", "origin") and tie.group().strip() in ("/", "／", "·"):
            tie = None
        if tie is None and not (_holds(line, start, end, kind) or (cuts and _is_author_ahead(line, start, end, kind, cuts[-1]))):
            position = start + 1
            continue
        if tie:
            end = position = tie.end()
        cuts.append((start, end, kind, line[slice(*match.span())].replace(" ", ""), tie is not None))
    first = cuts[0][0] if cuts else len(line)
    parts = [_Part("", "", line[:first].strip(), False, 0, _runs_on(line, first, cuts[0][2] if cuts else ""))] if first else []
    for index, (start, end, kind, label, bound) in enumerate(cuts):
        stop, following = (cuts[index + 1][0], cuts[index + 1][2]) if index + 1 < len(cuts) else (len(line), "")
        parts.append(_Part(kind, label, line[end:stop].strip(), bound, start, _runs_on(line, stop, following)))
    return tuple(parts)


def _runs_on(line: str, stop: int, following: str) -> bool:
    return following in ("reporter", "correspondent", "editor", "maker") and line[stop - 1 : stop] != " "


def _holds(line: str, start: int, end: int, kind: str) -> bool:
    """Whether a label that nothing binds is one: it stands at a word's edge, and what follows is a value of its kind."""
    if kind in ("time", "stale", "date", "bar", "junk"):
        return True
    edge = start == 0 or bool(_EDGE.match(line[start - 1]))
    blank = line[end : end + 1] in (" ", "")
    if kind == "other":
        return line[start:end].startswith(("作者", "编")) or _is_name_at(line, end + blank, loose=False)
    if kind == "source":
        return edge and (blank or line[start:end].endswith(("自", "于")))
    if kind in ("reporter", "correspondent"):
        return end == len(line) or _is_name_at(line, end + blank, loose=blank)
    # Editors and authors: 编辑 张三, 编辑张三, 每经编辑 张三, but not 编辑部 or 编辑工作.
    if kind not in ("editor", "maker", "author") or not _is_name_at(line, end + blank, loose=False):
        return False
    return edge or (blank and kind == "editor" and bool(_MEDIUM_BEFORE.search(line, max(0, start - 9), start)))


def _is_author_ahead(line: str, start: int, end: int, kind: str, before: tuple[int, int, str, str, bool]) -> bool:
    """Whether 记者 leads a name in a value of 作者, where nothing but names stands: 作者：记者商羽, 作者：洛报融媒记者商羽."""
    _, value, other, _, bound = before
    if kind not in ("reporter", "correspondent") or other != "author" or not bound:
        return False
    return (value == start or bool(_ORGANISATION.search(line[value:start]))) and _is_name_at(line, end, loose=True)


def _is_name_at(line: str, position: int, *, loose: bool) -> bool:
    word = _peel(_word_at(line, position)[0])
    return is_person(word) or (loose and _perhaps(word))


_WORD = re.compile(rf"[{_HAN}{_DOTS}]{{1,40}}")
_APART = re.compile(rf"[{_HAN}]{{1,2}}(?![{_HAN}])(?: [{_HAN}]{{1,2}}(?![{_HAN}])){{1,6}}")


def _word_at(line: str, position: int) -> tuple[str, int]:
    """The word at a position, up to a role that it runs into, and its end; characters printed apart are joined."""
    match = _WORD.match(line, position)
    if not match:
        return "", position
    word, end = match.group(), match.end()
    if (len(word) == 1 and word in _SURNAMES) or word in _DOUBLE:
        if apart := _APART.match(line, position):
            words = apart.group().split(" ")
            word, used = _together(words, 0)
            end = position + len(" ".join(words[:used]))
        return word, end
    role = _ROLES.search(word)
    if role and role.start():
        word = word[: role.start()]
        end = position + len(word)
    return word, end


# -- sources

_PAIRS = '()（）[]【】《》「」『』〈〉<>“”""{}〔〕［］'
_OPENS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSES = {closing: opening for opening, closing in _OPENS.items()}
_TRIM = " \t\n:：,，、;；.。·|｜丨/／\\-－—–_~～=*★☆●■□▌▍◆◎▲△>＞<＜!！?？'`^#+"
_ADDRESS = re.compile(r"https?://[\x21-\x7e]*|www\.[\x21-\x7e]*|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9_.-]{1,64}")
_EMPTY = re.compile(r"[(（\[【]\s*[)）\]】]")
_APPENDED = re.compile(
    r"(?: ?(?:(?:参与互动|评论|我有话说|跟帖|网友评论|点击|浏览|阅读) ?[(（]?\d{0,9}人?(?:参与)?[)）]?|"
    + _any("打印 分享 分享到 收藏 我要纠错 纠错 字号 字体 大中小 字大字小 关闭窗口 举报 订阅 复制链接 微信扫一扫 我要评论 阅读量")
    + "))++$"
)
_NOBODY = re.compile(
    r"[-—－_/.。*?？\s]*|n/a|admin\w{0,12}|\w{0,8}管理员|"
    + _any("""
    无 没有 暂无 不详 未知 未注明 未填写 空 none null undefined nan test administrator root system user guest editor webmaster 综合 原创 转载 原稿
    自创 自编 其它 其他 默认 管理员 网站管理员 超级管理员 系统管理员 站内 匿名 佚名 小编 编辑 编辑部 作者 记者 通讯员 来源 未署名 网友 手机 电脑 pc
    ugc 网络编辑 责任编辑 信息员 投稿 供稿 发布 发表 更新 时间 新闻 报道 资讯 来源网络 文 图 文图 图文 摄影 点击 查看 更多 详情 阅读 分享 打印
    """)
    + r"|(?:来自|来源于?|综合|整理自?|转自|摘自)?(?:互联网|网络|网上|网|因特网|internet)"
    r"(?:综合|整理|转载|文章|收集|资料|编辑|来源|用户|摘编|(?:[,，、;； (（]|经过?|如有|侵权|侵删|版权).*)?"
    r"|本(?:站|网|网站|报|刊|台|社|网页|平台|单位|部门|地|市|县|局|院|校|公司)(?:原创|讯|综合|整理|编辑|转载|消息|记者|发布|采编|自采|稿件|专稿){0,3}",
    re.I,
)
_MEDIA = re.compile(
    "(?:"
    + _any("""
    网 报 日报 晚报 早报 晨报 时报 商报 周报 都市报 快报 导报 学报 青年报 报社 社 通讯社 台 电视台 电台 卫视 新闻 客户端 在线 热线 周刊 杂志 传媒
    发布 频道 融媒 融媒体 融媒体中心 视频 壹点 财经 快讯 云 号外 资讯 观察 热点 报道 综合 海外版
    """)
    + r"|《[^》]{2,12}》)(?:[(（][^()（）]{1,10}[)）])?$"
)
# What a word ends in that still belongs to the name of the medium before it: 人民日报 海外版.
_MEDIA_TAIL = re.compile(
    "(?:"
    + _any("频道 客户端 网 报 社 台 新闻 在线 综合 版 刊 号 局 委 部 中心 公司 政府 办公室 期 厅 院 办 科 会 站")
    + r"|[A-Za-z\d/.)）》\]])$"
)


def source(text: str) -> str | None:
    """The one credited as source, as printed, out of a value with or without its label.

    ``None`` where nobody is named: an empty label, 本站, 网络, 原创, a counter. 《》 stay where they are part of a name.
    """
    value = ""
    for part in _parts(_line(text)):
        if part.kind in ("source", "origin"):
            value = part.value
            break
        if not value and part.kind in ("", "bar", "date"):
            value = part.value
    return _credited(value)[0]


def _line(text: str) -> str:
    text = text[:MAX_LINE]
    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    return clean(text)


def _unwrap(value: str) -> str:
    """Brackets and quotes around the whole value off, and those that have lost their other half."""
    for _ in range(8):
        value = _trimmed(value)
        if not value:
            break
        first, last = value[0], value[-1]
        if len(value) > 1 and _OPENS.get(first) == last and first not in value[1:-1] and last not in value[1:-1]:
            value = value[1:-1]
        elif (first in _OPENS and _OPENS[first] not in value[1:]) or (first in _CLOSES and first not in _OPENS):
            value = value[1:]
        elif (last in _CLOSES and _CLOSES[last] not in value[:-1]) or (last in _OPENS and last not in _CLOSES):
            value = value[:-1]
        else:
            break
    return _trimmed(value)


def _trimmed(value: str) -> str:
    """Punctuation off both ends; the sign of 南方+ is part of its name."""
    short = value.strip(_TRIM)
    return f"{short}+" if short and _HAN_ANY.match(short[-1]) and f"{short}+" in value else short


def _credited(value: str) -> tuple[str | None, list[str]]:
    """A source value, and the people who are printed behind it without a label of their own."""
    value = _unwrap(_APPENDED.sub("", _EMPTY.sub(" ", value[:200]).strip()))
    if match := _SENTENCE.search(value):
        value = value[: match.start()]
    words = value.split()
    people: list[str] = []
    # A medium's name is over where a word follows that is no part of one: an author without a label, a button.
    for index in range(1, len(words)):
        word = words[index]
        if _MEDIA.search(words[index - 1]) and not _MEDIA_TAIL.search(word) and not word.startswith(("(", "（", "《", "-", "·")):
            for name in _split(" ".join(words[index:])):
                if not is_person(name):
                    break
                people.append(name)
            words = words[:index]
            break
    value = _unwrap(" ".join(words))
    if len(value) > 60 or value.isdigit() or not re.search(r"\w", value) or _NOBODY.fullmatch(value):
        return None, people
    return value, people


# -- names

_HARD = re.compile(r"[、，,;；|｜丨/／\\&＆+\n【】]+")
_BRACKETED = re.compile(r"[（(〔\[［][^（()）〔〕\[\]［］]{0,80}[)）〕\]］]")
# The number of an editor, behind the name: 王海 PN052.
_STAFF = re.compile(r"[A-Z]{1,4}\d{2,6}")
_AND = re.compile(r" and | AND ")
_BY = re.compile(r"^by[ :]+", re.I)
# A label within a value: 张三 编辑：.
_LABEL_AHEAD = re.compile(
    rf"(?<![{_HAN}])[{_HAN}]{{0,4}}(?:" + _any("作者 编辑 责编 撰稿 撰文 采写 校对 审核 文", apart=True) + ") ?[:：]"
)


def names(text: str) -> list[str]:
    """The people named in a value, in order and once each: ``本报记者 张三、李 四`` gives 张三 and 李四.

    Roles, trades (摄, 文/图), labels and addresses are left off. An office given in a person's place is kept as printed
    where no person stands beside it; what names nobody (admin, 编辑, 佚名, a sentence) is dropped.
    """
    return _names(_line(text.replace("\n", "、")), strict=False)


def _names(text: str, *, strict: bool) -> list[str]:
    """``strict``: behind the first name only sure names count, and the first word that is none ends the list."""
    text = _CRAFT.sub(" ", _BRACKETED.sub(_opened, text))
    found: list[tuple[str, int]] = []  # a word and its rank
    for word in _words(text):
        word = _unwrap(word)
        if not word or (word in _WORDS and word not in _NAMESAKES) or _NOBODY.fullmatch(word) or _TAIL.fullmatch(word):
            continue
        if found and _STAFF.fullmatch(word):
            continue
        rank = _rank(word)
        if strict and found and rank < 2 and (rank == 0 or found[-1][1] == 2):
            break
        if rank or (len(word) <= 20 and not _SENTENCE.search(word) and _LETTER.search(word)):
            found.append((word, rank))
    least = 2 if len(text) > 10 and _SENTENCE.search(text) else min(1, max((rank for _, rank in found), default=0))
    found = [(word, rank) for word, rank in found if rank >= least]
    return _unique(word for word, _ in found)


def _rank(word: str) -> int:
    """2: a name for sure; 1: perhaps one; 0: anything else, an office at best."""
    if is_person(word) or word in _NAMESAKES:
        return 2
    if _LATIN.search(word):
        # 林悦_NF1234, NF041, John Smith, sd老兵之家
        return 2 if len(word) <= 40 and not _SENTENCE.search(word) else 0
    return 1 if _perhaps(word) else 0


def _opened(match: re.Match[str]) -> str:
    inner = match.group()
    return f"、{inner[1:-1]}、" if _ROLES.search(inner) else " "


def _words(text: str) -> Iterator[str]:
    """A list of people cut into words; a Latin name keeps its blanks, what a role hangs on (新华社记者) is left out."""
    for chunk in _HARD.split(text):
        chunk = _LABEL_AHEAD.sub(" ", chunk).strip()
        if not chunk:
            continue
        if _LATIN.search(chunk) and not _HAN_ANY.search(chunk):
            yield from _AND.split(_BY.sub("", chunk))
            continue
        position = 0
        for role in _ROLES.finditer(chunk):
            before = chunk[position : role.start()]
            head, _, last = before.rpartition(" ")
            yield from _split(before if not last or is_person(_peel(last)) else head)
            position = role.end()
        yield from _split(chunk[position:])


def _split(chunk: str) -> Iterator[str]:
    """The words of a chunk, trades off, names printed apart or joined by 和 as they should be."""
    words = chunk.split()
    index = 0
    while index < len(words):
        if index and _is_place(" ".join(words[index : index + 2]), 0):
            return
        word, index = _together(words, index)
        peeled = _peel(word.strip(":："))
        # 青岛报道 is no person.
        if peeled == word or is_person(peeled) or not _TAIL.fullmatch(word):
            yield from _joined(peeled)


# -- editors


def editors(text: str) -> list[Editor]:
    """The names of an editor line with their roles as printed: ``初审编辑:林悦 责任编辑:宋佳``, ``（责编：张三、李四）``.

    Numbers behind a name (张三_NF123) are part of it. A label without a name gives nothing, nor does a name without one.
    """
    return _editors(_parts(_line(text)))


def _editors(parts: Iterable[_Part]) -> list[Editor]:
    found: dict[tuple[str, str], Editor] = {}
    for part in parts:
        if part.kind in ("editor", "maker"):
            for name in _names(_cut(_unglued(part)), strict=True):
                if part.kind == "maker" and not _rank(name):
                    # 制作：青原日报社 names no person.
                    continue
                found.setdefault((part.label, name), Editor(part.label, name))
    return list(found.values())


_PLAIN_LABELS = frozenset("编辑 编辑人 责编 网编 网页编辑 网络编辑".split())
_EDITOR_LABEL = re.compile("编 ?辑|责 ?编")


def together(held: Sequence[Editor], line: Iterable[Editor]) -> list[Editor]:
    """Editors named so far and those of one line more: each person once, under the label that says most of the same work.

    编辑 in a page's head gives way to 责任编辑 at its foot; of labels for different work the first stays. Two labels that one
    line gives a person (初审编辑, 责任编辑) both stand.
    """
    out = list(held)
    for editor in line:
        same = [at for at, other in enumerate(held) if other.name == editor.name]
        if not same:
            if editor not in out:
                out.append(editor)
        elif len(same) == 1 and 0 < _says(held[same[0]].role) < _says(editor.role):
            out[same[0]] = editor
    return out


def _says(label: str) -> int:
    """How much a label says of an editor's part; 0 for other work."""
    if not _EDITOR_LABEL.search(label):
        return 0
    return 1 if label == "编辑" else 2 if label in _PLAIN_LABELS else 3


def _cut(value: str) -> str:
    """A value up to where the bracket around it closes: what stands behind belongs to something else."""
    depth = 0
    for index, character in enumerate(value):
        if character in "(（":
            depth += 1
        elif character in ")）":
            depth -= 1
        if depth < 0 or character in "】]〕］" or (index and character in "【[［"):
            return value[:index]
    return value


def _unglued(part: _Part) -> str:
    """A part's value without the medium that the 记者 or 编辑 behind it belongs to: ``张三 每经`` before 编辑."""
    head, _, last = part.value.rpartition(" ")
    if not part.glued or is_person(last):
        return part.value
    outlet = any(_OUTLET.search(word) for word in _DOT.split(last))
    if not outlet and (not _HAN_ONLY.fullmatch(last) or not (len(last) <= 4 or _MEDIA.search(last))):
        return part.value
    # 来源：新华社记者 does name a source, 作者：新华社记者 no author.
    return head if head or part.kind in _PEOPLE else part.value


# -- lines


def read(text: str, now: datetime, *, dated: bool = True) -> Byline:
    """Every value of a byline, whatever its order: ``2019-03-08 09:15 来源: 海城网 作者: 林悦``.

    ``text`` is a line or a block (line breaks count as blanks), ``now`` the moment that 昨天 counts from; not ``dated``:
    the time is not asked for. A source without
    a label is taken only next to a date, and only where one short name of a medium is all that is left.
    """
    line = _line(text)
    parts = _parts(line)
    result = Byline(published=_published(line, parts, now) if dated else None, editors=_editors(parts))
    kinds = {part.kind for part in parts}
    weak: str | None = None
    behind: list[str] = []
    loose: list[str] = []
    people: dict[str, list[str]] = {kind: [] for kind in _PEOPLE}
    waiting = False  # 作者：记者 林悦 通讯员 宋佳
    last = ""
    for part in parts:
        value = _unglued(part)
        if part.kind in people:
            found = _names(_cut(value), strict=part.kind != "author")
            people[part.kind] += found
            if part.kind == "author":
                waiting = not found
            elif waiting:
                people["author"] += found
        elif part.kind == "bar" and last in people and is_person(value):
            people[last].append(value)
            continue
        else:
            waiting = False
            if part.kind == "source" and result.source is None:
                result.source, behind = _credited(value)
            elif part.kind == "origin" and weak is None:
                weak, _ = _credited(value)
            elif part.kind in ("", "date", "bar"):
                loose.append(value)
        last = part.kind
    result.source = result.source or weak
    if result.source is None and "date" in kinds and not kinds & {"source", "origin"}:
        result.source, behind = _unlabelled(loose)
    result.reporters = _unique(people["reporter"])
    result.correspondents = _unique(people["correspondent"])
    result.authors = _unique(people["author"])
    if not result.authors and not any(part.kind == "author" and part.bound for part in parts):
        result.authors = _unique(result.reporters or behind)
    return result


def _published(line: str, parts: Sequence[_Part], now: datetime) -> Moment | None:
    """The time of publication: one that a label calls so, else the first that is not a time of change."""
    first: Moment | None = None
    stale: Moment | None = None
    labels = [(part.start, part.kind) for part in parts if part.kind not in ("date", "")]
    index, kind = 0, ""
    for start, _, moment in dates.find(line, now):
        while index < len(labels) and labels[index][0] <= start:
            kind = labels[index][1]
            index += 1
        if kind == "time":
            return moment
        if kind == "stale":
            stale = stale or moment
        else:
            first = first or moment
    return first or stale


def _unlabelled(values: Iterable[str]) -> tuple[str | None, list[str]]:
    """The one short name of a medium among what no label claims, and the people behind it."""
    found: list[tuple[str, list[str]]] = []
    words = 0
    for value in values:
        if ">" in value or "»" in value or "＞" in value:
            continue
        words += len(value.split())
        if words > 4:
            return None, []
        name, people = _credited(value)
        if name and len(name) <= 16 and " " not in name and _MEDIA.search(name):
            found.append((name, people))
    return found[0] if len(found) == 1 else (None, [])


_ORNAMENT = re.compile(r"[\s（()）\[\]【】〔〕［］▌▍■□◆◎●○▲△★☆*·、，,|｜丨/／:：;；.。—\-_~～>＞]*")
_GLUED = re.compile(rf"[\s（(\[【■□◆◎●]*[{_HAN}A-Za-z\d{_DOTS}《》]{{0,10}}[\s:：|｜]*")
_SEPARATOR = re.compile(r"[ 、，,;；|｜丨/／\\&＆+【】\[\]:：\n]+")
_EDITED = re.compile(
    "[校审核]|"
    + _any("编辑 责编 主编 监制 签发", apart=True)
    + "|"
    + _any("值班 值审 总编 编发 编委 网编 责任人 录入 上传 信息员 把关 选稿")
)
_SPOKEN = re.compile(r"[。！？!?“”…]")


def is_maker(text: str) -> bool:
    """Whether a short line names nothing but one who made something of the article: ``统筹丨张三``, ``设计：李四``.

    Beside an editor line it is one of the same list; alone it may be part of the article.
    """
    parts = _parts(_line(text)) if len(text) <= 60 else ()
    made = [part for part in parts if part.kind == "maker" and part.bound]
    return (
        bool(made)
        and len(made) == len(parts)
        and all(is_person(name) for part in made for name in _names(part.value, strict=False))
    )


def is_credit(text: str) -> bool:
    """Whether a paragraph holds nothing but who edited it: ``责任编辑：张三``, ``编辑 张三 审核 李四``; 来源 and 作者 may stand by.

    A line of 来源, 作者 or 记者 alone is none (it is part of the article); an editor's label without a name is one.
    """
    if len(text) > 400:
        return False
    line = _line(text)
    if len(line) > 300 or not _EDITED.search(line, 0, 80):
        return False
    parts = _parts(line)
    labels = sum(part.kind in ("editor", "maker") and part.bound for part in parts)
    if not any(part.kind == "editor" for part in parts):
        return False
    for index, part in enumerate(parts):
        if part.kind == "":
            leads = parts[index + 1].kind in ("editor", "reporter", "maker")
            if not _ORNAMENT.fullmatch(part.value) and not (leads and _GLUED.fullmatch(part.value)):
                return False
        elif part.kind in ("editor", "maker", "other", *_PEOPLE):
            value = _unglued(part)
            # Among several labels a pen name passes.
            penned = labels > 1 and part.bound and len(value) <= 6 and _HAN_ONLY.fullmatch(value)
            if not penned and not _people_only(value):
                return False
        elif _SENTENCE.search(part.value) or len(part.value) > 40:
            return False
    return True


def _people_only(value: str) -> bool:
    value = _BRACKETED.sub(" ", value)
    if len(value) > 80 or _SPOKEN.search(value):
        return False
    for word in _SEPARATOR.split(_CRAFT.sub(" ", value)):
        word = _unwrap(word)
        if len(word) < 2 or _TAIL.fullmatch(word) or _ROLES.fullmatch(word):
            continue
        for name in _joined(_peel(word)):
            if not (_rank(name) or _NOBODY.fullmatch(name) or (len(name) <= 20 and _ORGANISATION.search(name))):
                return False
    return True


# -- the body

_CREDITED = re.compile(r"记 ?者|通 ?讯 ?员")
_SPELLINGS = (("記者", "记者"), ("通訊員", "通讯员"), ("攝影", "摄影"), ("報道", "报道"), ("報導", "报道"))
_BRACKET = re.compile(rf"[（(]([^（()）]{{2,{MAX_CREDIT}}})(?:[)）]|$)")
_DATELINE = re.compile(r"(?:[电讯]|消息|报道)[ :：,，]*$")
# What stands before 记者 when somebody speaks to one, or when one is counted or spoken of.
_ADDRESSED = re.compile(
    "(?:"
    + _any("""
    告诉 告知 向 对 和 与 及 以及 名 位 的 让 问 答 给 有 请 接受 为 跟 被 由 同 该 是 任 女 男 老 外国 中外 各 众 多 两 几 一 访 当 前 兼 外籍
    见 叫 当地 知名 著名 战地
    """)
    + ")$|"
    + _any("据 曾 担任 成为 当过 身为 作为 名叫 采访过 遇到")
)
# What may follow a name that runs into its sentence.
_FOLLOWED = frozenset("从在就向与对随跟采走来前现日昨今近专独连报摄为将深实探第也带和了")
_OWN = re.compile(r"(?:本报|本网|本台|本刊|本社|本站|总台|新华社|中新社|中新网|人民网|新华网)[^记]{0,8}记 ?者$")
# Before the outlet of a reporter another one: 扬子晚报/紫牛新闻记者, 南方网、粤学习记者.
_OFFICES = re.compile(rf"\W{{0,4}}(?:[{_HAN}A-Za-z《》]{{2,10}}(?:报|网|新闻|客户端|融媒体?|视频|台|社|\+)[、/·丨|｜ ])+")
_FINISHED = re.compile(
    r"[\s。.．)）】\]”\"*◎■□—-]*(?:$|[（(【\[]|"
    + _any("来源 编辑 责编 责任编辑 责任 校对 审核 图源 实习编辑 初审 新媒体 完) 完）")
    + ")"
)
# 东方网记者张三11月13日报道：
_DAY_REPORTED = re.compile(r" ?(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:报道|消息|[讯电])")
_NO_ROLE = tuple("会节站证团们协")
_COMMA = re.compile(r"[，,、;；]")
_DATED = re.compile(r"[电讯]\s?[（(]")
_DATELINE_NAMES = re.compile(rf"[电讯] ?[（(]([{_HAN} 、]{{2,30}})[)）]")


class _Credit(NamedTuple):
    reporters: list[str]
    correspondents: list[str]
    end: int
    tail: str = ""
    """The trade that the list ended in: 摄, 报道."""
    sure: bool = True
    """Whether every name is one by its surname."""


def in_text(paragraphs: Sequence[str]) -> tuple[list[str], list[str]]:
    """The 记者 and the 通讯员 whom an article's own text credits, each in order and once.

    Read are credits: in brackets (``（记者 林悦 通讯员 宋佳）``), behind a dateline, under a picture (``通讯员刘娟 摄``), or as
    a line or the end of one; 实习生 count as 记者 beside whom they stand. 记者 who ask, learn or go somewhere without a name
    are none, nor are those whom the story is about.
    """
    reporters: dict[str, None] = {}
    correspondents: dict[str, None] = {}
    mentions = 0
    for paragraph in paragraphs:
        if "記者" in paragraph or "通訊員" in paragraph:
            for printed, simple in _SPELLINGS:
                paragraph = paragraph.replace(printed, simple)
        named = len(_CREDITED.findall(paragraph)) if "者" in paragraph or "员" in paragraph else 0
        if not named and not _DATED.search(paragraph, 0, 100):
            continue
        mentions += named
        if mentions > MAX_MENTIONS:
            break
        for credit in _credits(_CRAFT.sub(" ", clean(paragraph))):
            reporters.update(dict.fromkeys(credit.reporters))
            correspondents.update(dict.fromkeys(credit.correspondents))
    return list(reporters), list(correspondents)


def _credits(text: str) -> Iterator[_Credit]:
    if unnamed := _behind_dateline(text):
        yield unnamed
    brackets = [match.span(1) for match in _BRACKET.finditer(text) if _CREDITED.search(match.group(1))]
    done = 0
    index = 0
    for match in _CREDITED.finditer(text):
        start = match.start()
        if start < done:
            continue
        while index < len(brackets) and brackets[index][1] <= start:
            index += 1
        if index < len(brackets) and brackets[index][0] <= start:
            content = text[slice(*brackets[index])]
            done = brackets[index][1]
            if first := _ROLES.search(content):
                credit = _credit(content, first.start(), loose=True)
                if credit.sure or not content[credit.end :].strip(_TRIM):
                    yield credit
        elif found := _in_line(text, start, match.end()):
            done = found.end
            yield found


def _in_line(text: str, start: int, end: int) -> _Credit | None:
    """A credit outside brackets, by what stands around it; ``None`` where 记者 is a word of the story."""
    left = start
    limit = max(0, start - 24)
    while left > limit and (text[left - 1].isalnum() or text[left - 1] in "·•《》+"):
        left -= 1
    prefix = text[left:start]
    if _ADDRESSED.search(prefix):
        return None
    before = text[max(0, left - 24) : left]
    opening = left <= 24 and (not before.strip(_TRIM + "文图采写撰摄影视频作者本报讯【[") or bool(_OFFICES.fullmatch(before)))
    if opening:
        credit = _credit(text, start, loose=True)
        if (credit.reporters or credit.correspondents) and _FINISHED.match(text, credit.end):
            return credit
    credit = _credit(text, start, loose=False)
    if not (credit.reporters or credit.correspondents):
        return None
    edge = opening or before.endswith(" ") or before.rstrip()[-1:] in tuple('。！？!?”"）)】]：:；;…')
    if edge and _FINISHED.match(text, credit.end):
        return credit
    if "摄" in credit.tail or "报道" in credit.tail or (opening and _DAY_REPORTED.match(text, credit.end)):
        return credit
    if _DATELINE.search(before) or _DATELINE.search(prefix) or _OWN.search(text, max(0, start - 16), end):
        return credit
    return credit if opening and text[credit.end : credit.end + 1] in (" ", ":", "：") else None


def _credit(text: str, position: int, *, loose: bool) -> _Credit:
    """The people of a credit that begins with a role at ``position``; it ends at the first word that is no name.

    ``loose``: only names are expected there (brackets, a line of its own), so names without a known surname count where
    they stand apart, and offices between role and name are passed over.
    """
    reporters: list[str] = []
    correspondents: list[str] = []
    people: list[str] = []  # whose list is being read; one that is thrown away for the names of other roles
    tail = ""
    sure = True
    fresh = False  # whether a role was read just before
    limit = min(len(text), position + MAX_CREDIT)
    while position < limit:
        gap = _SEPARATOR.match(text, position)
        start = gap.end() if gap else position
        if gap and fresh and _COMMA.search(gap.group()):
            break
        role = _ROLES.match(text, start)
        if role and text[role.end() : role.end() + 1] not in _NO_ROLE:
            word = role.group().replace(" ", "")
            people = correspondents if word.endswith("通讯员") else reporters if word.endswith(("记者", "实习生")) else []
            position, fresh, tail = role.end(), True, ""
            continue
        if other := _OTHERS.match(text, start):
            ahead = _SEPARATOR.match(text, other.end())
            if ahead and not _ROLES.match(text, ahead.end()):
                people = []
            position, fresh, tail = other.end(), False, other.group()
            continue
        word, end = _word_at(text, start)
        if not word:
            break
        if people and _is_place(text, start):
            position, fresh, tail = end, False, word
            continue
        peeled = _peel(word)
        pair = list(_joined(peeled))
        maybe = loose and (gap or (peeled[0] in _BORROWED and len(peeled) > 2)) and _perhaps(peeled)
        if _ROLES.match(text, end):
            # 林悦|通讯员 is a name, 新华社|记者 an office, 海卫宣|记者 a name where a role leads it.
            if is_person(peeled) or (maybe and fresh):
                people.append(peeled)
            elif not loose and not _ORGANISATION.search(word):
                break
            position, fresh = end, False
        elif _TAIL.fullmatch(word) and not is_person(peeled):
            position, fresh, tail = end, False, word
        elif maybe or all(is_person(name) for name in pair):
            people += pair
            sure = sure and is_person(pair[0])
            position, fresh, tail = end, False, word[len(peeled) :]
        elif loose and len(word) <= 20 and _ORGANISATION.search(word):
            position = end
        else:
            # A name that runs into the sentence: 记者张三从, 记者李小四在.
            for length in () if loose else (3, 2):
                if len(word) > length and word[length] in _FOLLOWED and is_person(word[:length]):
                    people.append(word[:length])
                    position = start + length
                    break
            break
    return _Credit(_unique(reporters), _unique(correspondents), position, tail, sure)


def _behind_dateline(text: str) -> _Credit | None:
    """``中新网北湖3月8日电(张三 李四)``: the bracket behind a dateline is the reporters' even where it does not say so."""
    match = _DATELINE_NAMES.search(text, 0, 80)
    if not match or _CREDITED.search(match.group(1)):
        return None
    people = list(_words(match.group(1)))
    return _Credit(_unique(people), [], match.end()) if people and all(map(is_person, people)) else None


_SIGNED = re.compile(
    r"[（(](?:本报|本网|本刊|特约|特邀|光明|新华社|央视|人民网|网络)?(?:评论员|作者|撰文|撰稿|执笔|文|特约撰稿人?)[ :：]+([^（()）]{2,60})[)）]?$"
)
_SIGNED_LINE = re.compile(
    r"[【\[（(■□●]?(?:(?:本文)?作 ?者|撰 ?文|撰 ?稿人?|执 ?笔|采 ?写|文图|图文|文|文 ?[/、] ?图|图 ?[/、] ?文)(?:[】\]] ?| ?[:：/／|｜丨] ?)(.{2,60})"
)
_NOT_SIGNED = re.compile(r"[。！？!?“”]|作者(?:系|为|是|简介|单位)")


def signatures(paragraphs: Sequence[str]) -> list[str]:
    """Authors whom the text itself names, in its first or last lines: ``（评论员 张三）``, ``文/张三``, ``作者：张三，系 …``.

    For articles whose head names none. Names in brackets without a role (``（张三）``) are left: who they are is not said.
    """
    found: list[str] = []
    ends = paragraphs if len(paragraphs) <= 7 else [*paragraphs[:3], *paragraphs[-4:]]
    for paragraph in ends:
        text = clean(paragraph[-200:])
        match = _SIGNED.search(text, max(0, len(text) - 80))
        if match is None and len(text) <= 80:
            match = _SIGNED_LINE.match(text)
        value = _BRACKETED.sub(" ", match.group(1)).split("，系")[0] if match else ""
        if value and not _NOT_SIGNED.search(value) and (parts := _parts(value)) and parts[0].kind == "":
            found += [name for name in _names(_cut(parts[0].value), strict=True) if _perhaps(name)]
    return _unique(found)


# -- furniture

_TOOLS = re.compile(
    r"(?:[\s|｜丨/【】\[\]（）()<>＜＞«»·•:：,，、\-—+.…]|\d|"
    + _any("""
    纠错 我要纠错 打印 打印本页 打印本文 打印此页 打印本稿 打印文章 关闭 关闭窗口 关闭本页 关闭页面 返回 返回顶部 返回首页 返回列表 收藏 收藏本文 收藏本页
    分享 分享到 分享至 分享给好友 分享文章 分享本文 复制链接 微信 微信好友 微信朋友圈 新浪微博 腾讯微博 微博 QQ空间 QQ好友 QQ 朋友圈 人人网 豆瓣 字体
    字号 字体大小 大小 大 中 小 特大 默认 我要评论 参与评论 听全文 听新闻 听文章 语音播报 语音朗读 朗读 播放 暂停 倍速 加载中 视频加载中 举报 点赞 转发 推荐 评论 更多 阅读全文 查看全文 展开全文 上一页 下一页 上一篇 下一篇 首页 尾页 末页
    """)
    + ")++"
)
_MARKS = r"[\s【\[（(■□◆●▶►>*－\-—]*"
_HEADINGS = re.compile(
    _MARKS
    + "(?:"
    + _any("""
    相关链接 相关阅读 相关新闻 相关报道 相关文章 相关专题 相关内容 相关推荐 相关视频 相关稿件 延伸阅读 推荐阅读 热点推荐 热门推荐 精彩推荐 更多 更多新闻
    更多阅读 更多精彩 更多内容 更多推荐 更多报道 更多资讯 猜你喜欢 往期回顾 往期推荐 往期精彩 热点新闻 热门新闻 新闻排行 今日热点 网友评论 我要评论
    发表评论 最新评论 编辑推荐 看点推荐 大家都在看 点击排行 阅读排行
    """)
    + r")[\s:：】\])）>》…]*"
)
_FURNITURE = re.compile(
    f"{_MARKS}(?:"
    + _any("""
    原标题： 原标题: 原题： 原题: 原文标题 原文链接 原文地址 本文链接 本文地址 来源链接 分享到 分享至 扫一扫 扫码 扫描 微信扫 长按 识别二维码
    识别图中二维码 阅读原文 查看原文 戳这里 打开APP 打开客户端 打开微信 打开新浪 打开网易 下载APP 下载客户端 更多精彩 更多新闻 更多内容 更多资讯
    更多报道 更多详情 更多相关 更多专题 欢迎关注 欢迎扫描 欢迎订阅 欢迎投稿 欢迎下载 欢迎加入 关注我们 关注公众号 关注微信 新闻热线 爆料 报料 投稿邮箱 投稿热线 联系我们 联系邮箱 举报电话 举报邮箱 举报热线 我来说两句 网友评论
    发表评论 查看评论 查看更多评论 标签： 标签: 关键词： 关键词: 关键字： 关键字: 字体 字号 手机看新闻 专题： 专题:
    """)
    + r"|[上下]一[篇条页张](?:新闻|文章)?(?:[:：\s】>]|$|没有|暂无)|点击(?:进入|查看|下载|这里|此处|阅读|上方|下方|左下|右上|图片|关注|蓝字|观看)|点[个点]?(?:赞|在看|分享|收藏)|点击.{1,16}关注|已有\d+人|\d+人参与"
    r"|(?:点击|阅读|浏览|访问)(?:数|量|次数)?[:：]? ?\d)",
    re.I,
)
# Notices of rights, which may run long.
_NOTICES = re.compile(
    f"{_MARKS}(?:"
    + _any("""
    免责声明 免责申明 责任声明 版权声明 版权申明 版权说明 版权提示 版权所有 版权归 特别声明 凡本网 凡本站 凡注明 凡来源 凡未 未经授权 未经许可 未经允许
    未经书面 未经本网 未经本报 未经本站 转载请注明 转载请联系 转载请保留 如需转载 本网所刊 本网刊登 本网转载 本站转载 本站部分 本站所有 本站登载
    """)
    + rf"|[{_HAN}]{{0,8}}声明[:：](?=本|凡|转|该|此|文)"
    "|本文(?:仅代表|为作者|仅为|系|版权|由).{0,30}(?:观点|立场|独家|授权|版权|转载|无关))"
)


def is_toolbar(text: str) -> bool:
    """Whether a line is buttons only: ``字体大小： 大 中 小 收藏 打印``, ``听全文 00:00 / 03:21``."""
    return 1 < len(text) <= 60 and bool(_TOOLS.fullmatch(text)) and bool(_LETTER.search(text))


def is_furniture(text: str) -> bool:
    """Whether a short paragraph belongs to the page and not to the article.

    原标题：…, 【纠错】, 分享到, 打印本页, 上一篇：…, 扫一扫 …, 免责声明 …, 版权声明 …, 更多精彩 …, the heading of a link block.
    """
    if len(text) > 800:
        return False
    line = clean(text)
    if not line or len(line) > 500:
        return False
    if _NOTICES.match(line) or _HEADINGS.fullmatch(line):
        return True
    if len(line) > 120:
        return False
    return bool(_FURNITURE.match(line) or (len(line) > 1 and _LETTER.search(line) and _TOOLS.fullmatch(line)))
