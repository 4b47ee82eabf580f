"""A newscrawl database of any size, of invented news: what searches, pages and exports are measured on.

    python bench/make_db.py FILE [--articles 100000] [--links 1000000] [--seed 1] [--until 2026-11-24T18:00] [--no-index]

The sites are those that newscrawl knows; what they publish here is invented: places, people, firms, events, figures. Two years of days
end at ``--until`` (China's time; default: the hour that has begun): with weekends, nights, sites that came later, days that a site
missed, sites that are broken now. Every value has the form that a crawl would have stored, so every command works on the file.

The same arguments give the same rows. Texts are written once; reprints are made from texts of the days before, and told apart from
chance by `newscrawl.sketch`, as a crawl would. Sketches themselves are left out (``--sketches`` makes them): nobody reads them but
the next crawl.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from math import log
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

from opencc import OpenCC  # noqa: E402
from scrapy.settings import Settings  # noqa: E402

from newscrawl import __version__, diff, fingerprint, sketch  # noqa: E402
from newscrawl.days import SHANGHAI  # noqa: E402
from newscrawl.spider import SiteLoader  # noqa: E402
from newscrawl.store import clusters, search  # noqa: E402
from newscrawl.store.writer import connect  # noqa: E402

RUN_DAYS = 30
RUNS_A_DAY = 8
BATCH = 2000

# -- words

SURNAMES = "丛 毕 于 邹 鞠 宋 孔 孟 车 苗 柳 荣 慕 隋 衣 曲 曹 战 初 矫 邢 房 门 国 綦 位 亓 逄 由 滕 迟 谭 栾 牟 王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 郑 谢 韩 唐 冯 董 萧 程 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 廖 熊 金 陆 郝 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 司徒 上官 慕容 诸葛".split()
GIVEN = "望 潮 知 夏 麦 青 禾 晚 晴 舒 岸 栖 舟 远 临 川 向 澄 澈 霁 沐 阳 予 安 景 行 怀 瑾 若 谷 清 和 听 澜 叙 白 北 辰 南 乔 思 齐 以 恒 修 竹 明 远 之 遥 可 航 书 言 见 山 闻 溪 云 起 星 野 松 柏 桐 楠 棠 榆 槿 荷 莲 蓉 芷 兰 蕙 萱 菁 苒 茗 薇 蔓 藜 芸 苇 蓝 秋 冬 雪 霜 露 雨 虹 岚 峰 岭 峻 崇 崖 屿 涛 波 浩 淼 泽 润 滨 海 湛 源 汐 渊 立 业 建 功 守 信 敬 亭 传 福 有 田 长 庚 永 年 广 厚 德 茂 承 志 国 庆 卫 东 红 军 爱 华 秀 英 桂 芝 玉 珍 素 琴 凤 霞 春 燕 金 花 家 宝 天 赐 来 喜 大 勇 小 满".split()
FIRST = "临 青 安 云 石 松 龙 凤 银 清 泉 北 平 永 宁 福 德 昌 兴 隆 长 丰 乐 泰 和 顺 康 双 高 大 白 黑 红 柳 杨 桃 梅 竹 沙 桥 南 东 西 上 下 崖 槐 枣 杏 柿 栗 苇 芦 雁 鹤 鹿 羊 牛 马 孟 卞 汤 葛 崔 侯 初 宋 姜 崮 汶 沂 沭 泗 洙 潍 淄 泺 漯 徒 胶 莱 崂 昆 嵛 岠 铁 槎 圣 蓬 芝 养 成".split()
LAST = "山 河 泉 庄 桥 湖 湾 渡 店 岭 岗 坪 塘 沟 屯 泊 集 家 寨 崖 头 口 埠 旺 阳 阴 城 坡 滩 岛 夼 疃 峪 垛 埝 洼 淀 井 台 坊".split()
AREAS = "镇 镇 镇 街道 街道 社区 社区 村 村 村 村 新区 开发区".split()
DISTRICTS = {
    "威海": "环翠 文登 荣成 乳山 经区 高区 临港", "烟台": "芝罘 福山 牟平 莱山 蓬莱 龙口 莱阳 莱州 招远 栖霞 海阳", "青岛": "市南 市北 李沧 崂山 城阳 黄岛 即墨 胶州 平度 莱西",
    "济南": "历下 市中 槐荫 天桥 历城 长清 章丘 济阳 平阴 商河", "淄博": "张店 淄川 博山 周村 临淄 桓台 高青 沂源", "潍坊": "奎文 潍城 寒亭 坊子 青州 诸城 寿光 安丘 高密 昌邑 临朐 昌乐",
    "济宁": "任城 兖州 曲阜 邹城 微山 鱼台 金乡 嘉祥 汶上 泗水 梁山", "泰安": "泰山 岱岳 新泰 肥城 宁阳 东平", "临沂": "兰山 罗庄 河东 沂南 郯城 沂水 兰陵 费县 平邑 莒南 蒙阴 临沭",
    "德州": "德城 陵城 乐陵 禹城 宁津 庆云 临邑 齐河 平原 夏津 武城", "聊城": "东昌府 茌平 临清 阳谷 莘县 东阿 冠县 高唐", "滨州": "滨城 沾化 邹平 惠民 阳信 无棣 博兴",
    "菏泽": "牡丹 定陶 曹县 单县 成武 巨野 郓城 鄄城 东明", "日照": "东港 岚山 五莲 莒县", "东营": "东营 河口 垦利 利津 广饶", "枣庄": "市中 薛城 峄城 台儿庄 山亭 滕州", "莱芜": "莱城 钢城",
}  # fmt: skip
CAPITALS = {
    "山东": "济南", "上海": "上海", "云南": "昆明", "内蒙古": "呼和浩特", "北京": "北京", "吉林": "长春", "四川": "成都", "天津": "天津", "宁夏": "银川", "安徽": "合肥", "山西": "太原", "广东": "广州",
    "广西": "南宁", "新疆": "乌鲁木齐", "江苏": "南京", "江西": "南昌", "河北": "石家庄", "河南": "郑州", "浙江": "杭州", "海南": "海口", "湖北": "武汉", "湖南": "长沙", "甘肃": "兰州", "福建": "福州",
    "西藏": "拉萨", "贵州": "贵阳", "辽宁": "沈阳", "重庆": "重庆", "陕西": "西安", "青海": "西宁", "黑龙江": "哈尔滨",
}  # fmt: skip
ADJECTIVES = "老旧 崭新 宽敞 整洁 闲置 破损 积水 堵塞 废弃 智能 节能 便民 免费 临时 固定 流动 专用 公共 露天 地下 沿街 临海 靠山 偏远 集中 分散 成熟 优质 新鲜 本地 外地 进口 手工 传统 现代 简易 大型 小型 首批 最后 剩余 多余 急需 紧缺 热门 冷门 高价 低价 残疾 年迈 年轻 退休 返乡 留守 困难 独居 二手 定制 环保 可降解 一次性 全封闭 半自动 双语 夜间 早班 节后 雨后 靠窗 朝南 拥挤 空荡 斑驳 锃亮 发黄 滚烫 冰凉 笨重 轻便".split()
ADVERBS = "陆续 逐步 连夜 提前 按时 主动 集中 分批 反复 仔细 当场 随后 同时 首次 再次 专门 统一 分别 共同 免费 公开 悄悄 及时 全部 基本 大多 主要 继续 重新 尽快 直接 现场 挨家 轮流 自发 合力 坚持 计划 准备 打算 常年 每周 隔天 定期 破例 提早 如期 意外 一口气 慢慢 手把手 一块一块地 挨个 就近".split()
TAILS = "效果不错 大家都说好 还要再看一阵 眼下正在收尾 预计下月完工 比往年早了半个月 得到了回应 没有再出现同样的问题 不少人专程赶来 排队的人少了 心里踏实多了 省下一大笔开支 成了新去处 下一步还要扩大 并不容易 走了不少弯路 至今没有定论 有待进一步观察 让人想起从前 谁也没有料到 已经列入明年的安排 需要更多人手 反响比预想的好 仍有人提出疑问 意见并不一致 结果会另行公布 钱从哪里来还在商量 先试三个月再说 比图纸上多出一截 手续比从前少了四道 账目贴在了墙上 老邻居又碰上了面 灯一直亮到后半夜 孩子们最高兴 消息传得很快 隔壁县也来取经".split()
UNITS = "亩 公里 米 吨 台 套 户 人 万元 家 间 盏 辆 棵 次 天 件 个 平方米 公斤 份 张 册 处 项 条 艘 头 箱 吨次 小时".split()
LATIN = "5G APP AI ETC PM2.5 LED CT DNA VR GDP ISO9001 Wi-Fi GPS PLC SUV KTV IP U盘 SaaS RFID B超 T3 A4 OA WPS H5 P2P CAD 3D K12 O2O UPS POS IC AED NFC HPV LNG VOC COD CEO KPI EMS DIY CBD".split()
REASONS = "由于 因为 为了 随着 考虑到 按照 根据 针对 围绕 结合 借着 除了 通过".split()
SAID = "告诉记者 说 介绍 回忆 笑着说 表示 坦言 解释 补充道 在电话里说 比划着说 叹了口气".split()
MAKERS = "光电 渔具 食品 包装 建材 纺织 机电 海洋生物 木业 物流 印务 农机 药业 制冷 轴承 门窗 玩具 陶瓷 钓具 橡胶 软件 环保 新材料 种业 酒业 工艺品 电缆 仪表".split()
FIRMS = "有限公司 有限公司 有限公司 公司 集团 合作社 加工厂 工作室 研究所".split()
LABELS = "责任编辑 责任编辑 责任编辑 编辑 初审编辑 值班编辑 校对 终审 审核 监制".split()


@dataclass(frozen=True)
class Topic:
    """What one kind of news is about; ``folder`` stands in addresses."""

    name: str
    folder: str
    weight: int
    nouns: Sequence[str]
    verbs: Sequence[str]
    people: Sequence[str]
    offices: Sequence[str]
    events: Sequence[str]


def _topic(name: str, folder: str, weight: int, nouns: str, verbs: str, people: str, offices: str, events: str) -> Topic:
    return Topic(name, folder, weight, nouns.split(), verbs.split(), people.split(), offices.split(), events.split())


TOPICS = (
    _topic("民生", "minsheng", 16,
           "楼道 电梯 屋顶 外墙 门禁 物业费 车位 垃圾桶 宠物 菜篮 热线 窗口 表格 小程序 名册 托管班 读书会 调解室 燃气灶 水表 电表 暖气 锅炉 井盖 路灯 管网 泵站 候车亭 凉亭 长椅 公厕 晾衣架 健身器材 社区食堂 养老驿站 便民菜店 自行车棚 充电桩 快递柜 雨棚 扶手 门牌 信报箱 化粪池 二次供水 老旧小区 楼长 议事厅",
           "更换 检查 清理 疏通 加固 拆除 安装 登记 发放 领取 验收 测量 劝导 走访 慰问 调解 公示 征求 维修 搬迁 绿化 美化 亮化 预约 共享 归还 粉刷 接通 腾出 编号 认领 加装",
           "居民 业主 老人 志愿者 网格员 社区书记 楼长 水暖工 保洁员 租户 退休教师 物业经理", "民政局 住建局 城管局 自来水公司 供热公司 燃气公司 社区居委会 街道办 信访局 残联", "老楼加装电梯 暖气提前试水 小区换了新管子 食堂开张 停车难有了说法 旧物交换日 邻里节 断水抢修 一条热线转了三道弯"),
    _topic("海洋", "haiyang", 9,
           "渔船 码头 冷库 网箱 海带 紫菜 盐田 灯塔 礁石 沙滩 海浪 海参 扇贝 鲅鱼 牡蛎 对虾 鱿鱼 鱼排 拖网 浮标 冰厂 渔港 船闸 养殖池 苗种 增殖站 休渔证 渔家乐 赶海园 海洋牧场 渔政船 拖车 贝壳 虾酱 海蜇 蜢子虾 船坞 吊机 缆绳 饵料 藻场 深海网箱",
           "捕捞 投放 晾晒 修补 装船 卸下 分拣 育苗 放流 巡查 打捞 拖回 起网 下水 检修 冷冻 试养 运往 销往 收购 称重 避风 靠岸 丈量 封存",
           "渔民 养殖户 船长 轮机长 织网女工 冷库工人 渔政员 赶海人 海洋站技术员 码头搬运工", "海洋发展局 渔政支队 渔港监督站 海事处 海洋站 水产研究所 渔业协会 港务公司", "开海第一网 海带丰收 增殖放流 台风前渔船回港 深海网箱下水 扇贝苗短缺 赶海节 渔港夜市 休渔期修网忙"),
    _topic("三农", "nongye", 10,
           "苹果 樱桃 小麦 玉米 大棚 果园 水库 河道 堤坝 化肥 种子 树苗 羊群 奶牛 鸡舍 鱼塘 花生 地瓜 大姜 大蒜 西红柿 黄瓜 茶园 蜂箱 猕猴桃 葡萄 草莓 无花果 板栗 核桃 秸秆 机井 滴灌带 收割机 粮仓 农家书屋 合作社 大集 村史馆 土地流转 晒场 果袋 嫁接刀 春耕 苗木",
           "采摘 培育 试种 嫁接 浇灌 收割 烘干 装车 运往 推广 流转 深翻 播种 套袋 修剪 授粉 储存 分级 直播 收购 脱贫 复垦 轮作 灌溉 追肥",
           "果农 村民 村主任 农技员 种粮大户 驻村书记 返乡青年 收购商 养蜂人 羊倌", "农业农村局 农技站 供销社 水利站 林业局 乡村振兴局 农机站 气象服务站", "苹果开园 春耕备播 小麦开镰 大棚着火又重建 樱桃节 机井通水 大集搬家 村史馆开馆 农机手进课堂 霜冻来袭"),
    _topic("交通", "jiaotong", 9,
           "公交站 斑马线 红绿灯 校车 轮渡 航班 列车 站台 车票 行李 货车 物流园 隧道 高架桥 匝道 收费站 服务区 护栏 标线 公交专用道 共享单车 电动车 头盔 驾照 罚单 停车场 道口 环岛 末班车 候车厅 安检仪 高铁站 机场 航线 渡口 桥墩 路基 沥青 绿波带 潮汐车道",
           "改造 开通 停用 延长 缩短 加密 限行 疏导 查处 抓拍 施划 通车 封闭 绕行 调整 试运行 检测 除冰 撒盐 加宽 养护 增开 护送 抢通",
           "司机 乘客 交警 公交司机 养路工 站务员 骑手 货车司机 学生家长 调度员", "交通运输局 交警支队 公路局 公交集团 铁路车务段 机场集团 海事局 交通台", "新公交线开通 跨海大桥合龙 路口多了一条待转区 高铁首发 大雾封航 冰雪路面事故多 夜班车加开 停车费涨价听证"),
    _topic("教育", "jiaoyu", 8,
           "食堂 宿舍 操场 实验室 图书角 课桌 教材 课程 作业 社团 奖学金 助学金 录取通知书 模型 航模 科技馆 课后服务 校服 黑板 校园足球 夏令营 研学 家长会 毕业典礼 运动会 晨跑 广播站 宣传栏 辩论队 机器人 显微镜 字典 书法课 合唱团 支教 幼儿园 特教班 体检表 托管 职教园",
           "辅导 培训 评比 选拔 招募 聘请 资助 捐赠 编写 试用 公示 报名 录取 开学 延时 减负 排练 比赛 夺得 实验 参观 走进 讲解 补录",
           "学生 家长 教师 校长 班主任 宿管员 高三学生 支教老师 体育老师 大学生", "教育局 教体局 实验小学 第一中学 职业学院 招生办 少年宫 特教学校 第二实验幼儿园", "开学第一课 中考改革征求意见 学生造出一台割草机 食堂晒菜单 书包称重 操场对外开放 乡村学校来了新老师 志愿填报咨询会"),
    _topic("健康", "jiankang", 7,
           "疫苗 病床 门诊 挂号 医保 药店 护士站 义诊 献血车 急救箱 处方 病历 体检 血压计 中药房 针灸 康复科 手术室 胃镜 家庭医生 发热门诊 药价 护工 救护车 除颤仪 口腔科 眼科 产房 儿科 血库 骨髓库 器官捐献 养生课 控烟 食品标签 蜱虫 流感 手足口病 急诊 远程会诊",
           "救治 接种 预约 核验 会诊 转诊 手术 捐献 筛查 随访 报销 结算 配药 熬制 抢救 护理 康复 宣教 体检 消毒 上门 停诊 扩建 引进",
           "医生 护士 患者 药师 家庭医生 献血者 护工 急诊科主任 村医 检验师", "卫健委 医保局 中心血站 人民医院 中医院 妇幼保健院 疾控中心 急救中心 药监局", "夜间门诊开诊 异地结算当天到账 药价降了 蜱虫高发期提醒 千里送骨髓 村卫生室换新颜 中医夜市 疫苗到货"),
    _topic("法治", "fazhi", 8,
           "摄像头 合同 账单 发票 执照 印章 网站 警务室 赃物 现金 银行卡 电话 短信 链接 客户端 借条 欠条 判决书 传票 证人 物证 指纹 行车记录仪 仿真枪 烟花爆竹 假酒 假币 传销窝点 赌具 废旧钢材 电瓶 失窃车辆 走失老人 寻人启事 调解书 法庭 律师函 执行款 网络水军 钓鱼网站",
           "查封 扣押 追回 退还 抓获 侦破 审理 宣判 调取 比对 蹲守 劝阻 止付 冻结 举报 收缴 移送 起诉 执行 调解 鉴定 锁定 审讯 曝光",
           "民警 法官 检察官 律师 报警人 店主 嫌疑人 辅警 反诈宣传员 受害人", "公安局 刑侦大队 派出所 法院 检察院 司法局 反诈中心 网安支队 执行局", "网上灭枪行动收网 一条短信骗走三万元 民警追了四个省 欠薪案当庭履行 假酒窝点被端 走失老人平安回家 反诈课进渔村 电瓶大盗落网"),
    _topic("文旅", "wenlv", 9,
           "展览 画展 剧目 乐团 合唱 书法 剪纸 面塑 锣鼓 秧歌 庙会 夜市 民宿 景区 古镇 老街 祠堂 古树 老井 石桥 碑刻 档案 照片 日记 家谱 手艺 酱油 豆腐 馒头 粽子 月饼 茶叶 皮影 柳编 草编 鲁绣 葫芦 木版年画 非遗工坊 图书馆 博物馆 文化馆 遗址 陶片 墓葬 长城 灯会 旅游专列 门票 讲解员",
           "展出 排练 讲解 翻译 出版 陈列 修复 保护 传承 演示 体验 拍摄 制作 播放 收集 编排 出土 发掘 考证 复原 巡演 开放 免票 打卡 摹写 装裱",
           "画家 木匠 导游 游客 讲解员 非遗传承人 馆长 摄影师 票友 民宿老板 考古队员", "文旅局 博物馆 文化馆 图书馆 考古研究院 档案馆 京剧团 旅游集团 非遗保护中心", "博物馆夜场开放 老街修旧如旧 葫芦雕出一座城 古墓里的陶壶 灯会亮灯 剪纸老人收徒 旅游专列首发 大天鹅来了 村晚开演"),
    _topic("体育", "tiyu", 5,
           "球场 赛道 自行车 帆船 风筝 象棋 广场舞 健步走 马拉松 铁人三项 足球 篮球 乒乓球 羽毛球 跳绳 武术 游泳馆 看台 号码布 奖牌 裁判 热身赛 半程 补给站 终点线 教练组 外援 替补席 点球 加时赛 门票 球迷 训练营 皮划艇 攀岩墙 滑雪场 冰壶 飞盘",
           "夺冠 错过 扳平 绝杀 负于 战平 签下 备战 集训 开赛 完赛 刷新 打破 退赛 加冕 传递 报名 抽签 换人 首发",
           "队员 教练 裁判 球迷 跑友 门将 队长 老将 小将 志愿者", "体育局 体育中心 足协 田径队 自行车协会 少体校 篮球俱乐部 帆船基地", "马拉松开跑 小将打破纪录 加时赛绝杀 铁人三项落幕 广场舞大赛 帆船训练营 风筝会 冬泳爱好者下水"),
    _topic("经济", "jingji", 9,
           "加工厂 生产线 车间 设备 零件 芯片 电缆 光伏板 风机 专利 样品 订单 仓库 外贸 关税 贷款 补贴 岗位 招聘会 产业园 孵化器 机床 焊枪 轴承 碳纤维 医疗器械 打印机 钓竿 地毯 船用发动机 数据中心 机器人 检测线 冷链 跨境电商 直播间 保税仓 标准厂房 技改 能耗 利润 工资 夜班 夜校",
           "投产 扩建 升级 调试 采购 签约 出口 研发 攻关 量产 裁减 招聘 融资 上市 停产 复产 搬迁 整合 试制 检测 交付 降本 转型 减税",
           "工程师 技术员 工人 经理 外贸员 创业者 车间主任 质检员 返乡大学生 人事专员", "发改委 工信局 商务局 税务局 海关 人社局 经开区管委会 电力公司 科技局 银行", "碳纤维项目投产 外贸订单回流 招聘会爆满 老厂房变身 夜校开课 机器换人之后 一根钓竿卖到四十国 税费减免到账 芯片封测线调试"),
    _topic("环境", "huanjing", 6,
           "湿地 公园 绿道 海岸线 台风 暴雨 冰雹 大雾 霜冻 干旱 冷流雪 沙尘 臭氧 污水处理厂 排污口 垃圾分类 渗滤液 大天鹅 候鸟 白鹭 鸟窝 林场 松材线虫 浒苔 黑臭水体 扬尘 监测站 雷达 气温 降水量 能见度 海冰 风力 植被 矿坑 封山 河长 水质 秸秆 噪声",
           "监测 预警 治理 修复 封育 补种 清淤 截污 打捞 停工 限产 播报 降温 升温 刷新 迁徙 放飞 救助 巡护 取样 通报 整改 关停 回填",
           "护鸟人 护林员 河长 气象台首席 观测员 环卫工 采样员 志愿者 渔民", "气象局 生态环境局 林业局 水务局 自然资源局 海洋站 环卫处 湿地管理处", "初雪比去年早 大天鹅越冬 浒苔登陆前线 黑臭河变清 台风外围影响 暴雨蓝色预警 矿坑变公园 空气质量排名"),
    _topic("市场", "shichang", 6,
           "价格 摊位 商铺 快递 包裹 外卖 菜市场 超市 白菜 猪肉 鸡蛋 羊肉 带鱼 家电 以旧换新 预付卡 会员卡 促销 退货 差评 保质期 电子秤 公平秤 酒水 月子中心 健身房 装修 房租 二手房 楼盘 公积金 家政 黄金 年货 烟花 发票 团购 直播带货 充值 押金",
           "上涨 下跌 抽查 下架 召回 退款 投诉 维权 称重 补货 降价 囤货 配送 预售 核价 曝光 约谈 处罚 比价 调解 开业 歇业 转让 打折",
           "店主 商户 消费者 快递员 外卖骑手 摊主 采购员 家政员 业主 收银员", "市场监管局 消费者协会 商务局 物价局 邮政管理局 房产交易中心 菜篮子集团", "白菜价跌到三毛 羊肉涨价 预付卡跑路 公平秤上岗 年货大集开市 二手房挂牌量走高 快递进村 鸡蛋一斤五块八"),
    _topic("应急", "yingji", 4,
           "消防栓 灭火器 脚手架 塔吊 浓烟 火情 山火 溺水 救生圈 警戒线 燃气泄漏 爆裂水管 被困电梯 落石 塌方 救援艇 绳索 担架 疏散通道 演练 烟感 隐患 九小场所 防火门 云梯 水带 头灯 生命探测仪 应急包 广播",
           "扑灭 疏散 转移 救助 搜救 破拆 排查 整改 演练 封堵 抢修 加固 解救 送医 关阀 通风 吊装 巡逻 值守 复燃",
           "消防员 队员 目击者 店员 救生员 安全员 被困者 护林员 值班员", "消防救援支队 应急管理局 蓝天救援队 安监站 森林防火指挥部 120急救中心 海上搜救中心", "民宅起火无人受伤 山火凌晨扑灭 孩子卡在栏杆里 海上救起三人 高层演练 燃气泄漏疏散百人 落石封路"),
    _topic("政务", "zhengwu", 7,
           "报告 提案 建议 规划 清单 预算 决算 公开栏 政务大厅 一窗受理 电子证照 营商环境 项目 专班 例会 督查 述职 任前公示 听证会 征求意见稿 条例 办法 图斑 编制 机构改革 一号文件 党课 志愿服务队 文明城市 双拥 退役军人 人才公寓 落户 户口本 公章 地名 区划 招标 中标 工期",
           "印发 修订 审议 通过 答复 督办 公示 听取 调研 部署 督查 考核 任命 移交 接管 合并 拆分 取消 下放 备案 招标 开工 竣工 验收",
           "代表 委员 负责人 工作人员 窗口人员 村支书 挂职干部 选调生 帮办员", "市政府办公室 人大常委会 政协 行政审批局 组织部 统计局 财政局 审计局 退役军人事务局", "政务大厅周末不打烊 一百件实事完成九十三件 预算草案公开 地名征求意见 落户门槛再降 老旧厂区规划公示 窗口少跑三趟"),
)  # fmt: skip


TOPIC_DRAW = [topic for topic in TOPICS for _ in range(topic.weight)]


class Dice:
    """Chance, by one stream of numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random

    def pick(self, some: Sequence[Any]) -> Any:
        return some[int(self.random() * len(some))]

    def early(self, some: Sequence[Any]) -> Any:
        """One of the first, far more often than of the last."""
        return some[int(self.random() ** 3 * len(some))]

    def late(self, some: Sequence[Any]) -> Any:
        """One of the last, more often."""
        return some[-1 - int(self.random() ** 2 * len(some))]

    def between(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random() < share

    def name(self) -> str:
        given = self.pick(GIVEN) + (self.pick(GIVEN) if self.random() < 0.75 else "")
        return self.pick(SURNAMES) + given

    def town(self) -> str:
        return self.pick(FIRST) + self.pick(LAST) + self.pick(AREAS)

    def firm(self) -> str:
        return self.pick(FIRST) + self.pick(GIVEN) + self.pick(MAKERS) + self.pick(FIRMS)


# -- texts


@dataclass
class Place:
    """A city, or what a provincial site calls its own: its towns, and the people who are in its news again and again."""

    name: str
    towns: list[str]
    people: list[str]
    firms: list[str]


class Story:
    """One event: its place, people, things and figures, which its sentences come back to."""

    __slots__ = ("at", "city", "dice", "event", "firm", "flow", "numbers", "office", "people", "things", "topic", "town", "verbs")

    def __init__(self, dice: Dice, topic: Topic, place: Place, at: datetime) -> None:
        pick = dice.pick
        self.dice, self.topic, self.at, self.city = dice, topic, at, place.name
        self.flow = dice.random
        self.town = dice.early(place.towns) if dice.chance(0.7) else dice.town()
        self.office = place.name + ("市" if dice.chance(0.6) else "") + pick(topic.offices)
        self.people = [dice.early(place.people) if dice.chance(0.3) else dice.name() for _ in range(3)]
        self.firm = dice.early(place.firms) if dice.chance(0.5) else dice.firm()
        self.event = pick(topic.events)
        self.things = [pick(topic.nouns) for _ in range(7)]
        self.verbs = [pick(topic.verbs) for _ in range(6)]
        self.numbers = [f"{self.figure()}{pick(UNITS)}" for _ in range(5)]

    def figure(self) -> str:
        roll = self.flow()
        if roll < 0.45:
            return str(2 + int(self.flow() * 97))
        if roll < 0.75:
            return str(100 + int(self.flow() * 9800))
        if roll < 0.92:
            return f"{1 + int(self.flow() * 60)}.{1 + int(self.flow() * 9)}"
        return f"{1 + int(self.flow() * 30)}万"

    def who(self) -> str:
        roll, pick = self.flow(), self.dice.pick
        if roll < 0.2:
            return pick(self.people)
        if roll < 0.38:
            return pick(self.topic.people) + pick(self.people)
        if roll < 0.55:
            return self.office
        if roll < 0.68:
            return f"{self.town}的{pick(self.topic.people)}"
        if roll < 0.76:
            return self.firm
        if roll < 0.9:
            return f"{pick(self.topic.people)}们"
        return pick(("这里", "当地", "记者", "他们", "不少人", "邻居", "家里人", "主办方"))

    def act(self) -> str:
        verb = self.dice.pick(self.verbs) if self.flow() < 0.5 else self.dice.pick(self.topic.verbs)
        return self.dice.pick(ADVERBS) + verb if self.flow() < 0.5 else verb

    def thing(self) -> str:
        noun = self.dice.pick(self.things) if self.flow() < 0.55 else self.dice.pick(self.topic.nouns)
        if self.flow() < 0.4:
            return f"{self.dice.pick(ADJECTIVES)}{'的' if self.flow() < 0.5 else ''}{noun}"
        return noun

    def number(self) -> str:
        return self.dice.pick(self.numbers) if self.flow() < 0.6 else f"{self.figure()}{self.dice.pick(UNITS)}"

    def clause(self) -> str:
        return CLAUSES[int(self.flow() * len(CLAUSES))](self)

    def sentence(self) -> str:
        roll = self.flow()
        if roll < 0.16:
            return f"“{self.clause()}，{self.clause()}。”{self.dice.pick(self.people)}{self.dice.pick(SAID)}。"
        if roll < 0.36:
            return f"{self.clause()}。"
        if roll < 0.76:
            return f"{self.clause()}，{self.clause()}。"
        if roll < 0.88:
            return f"{self.clause()}，{self.clause()}；{self.clause()}。"
        return f"{self.clause()}，{self.dice.pick(TAILS)}。"

    def body(self, size: int) -> list[str]:
        """Paragraphs of ``size`` characters together, about."""
        day = f"{self.at.month}月{self.at.day}日"
        held = self.dice.pick((f"{day}，{self.who()}在{self.city}{self.town}{self.act()}{self.thing()}，", f"“{self.event}。”{day}一早，{self.who()}", f"{day}，记者从{self.office}了解到，"))  # fmt: skip
        held += f"{self.clause()}。"
        lines, total = [], 0
        while total + len(held) < size:
            held += self.sentence()
            if len(held) > 50 + 170 * self.flow():
                lines.append(held)
                total += len(held)
                held = ""
        if held:
            lines.append(held)
        return lines

    def title(self) -> str:
        return TITLES[int(self.flow() * len(TITLES))](self)


CLAUSES: tuple[Callable[[Story], str], ...] = (
    lambda s: f"{s.who()}{s.act()}了{s.thing()}",
    lambda s: f"{s.who()}把{s.thing()}{s.act()}到{s.town}",
    lambda s: f"{s.thing()}旁边是{s.number()}{s.thing()}",
    lambda s: f"{s.dice.pick(REASONS)}{s.thing()}和{s.thing()}，{s.who()}{s.act()}{s.thing()}",
    lambda s: f"从{s.thing()}到{s.thing()}，{s.who()}一共{s.act()}{s.number()}",
    lambda s: f"{s.thing()}{s.act()}以后，{s.thing()}增加到{s.number()}",
    lambda s: f"{s.who()}在{s.thing()}前{s.act()}",
    lambda s: f"今年{s.act()}的{s.thing()}有{s.number()}",
    lambda s: f"{s.thing()}要{s.act()}，{s.thing()}也要{s.act()}",
    lambda s: f"{s.who()}说，{s.thing()}{s.dice.pick(TAILS)}",
    lambda s: f"比起{s.thing()}，{s.thing()}更让{s.dice.pick(s.topic.people)}放心",
    lambda s: f"{s.who()}{s.act()}{s.thing()}用了{s.number()}",
    lambda s: f"每{s.dice.pick(UNITS)}{s.thing()}可以{s.act()}{s.number()}",
    lambda s: f"没有{s.thing()}，{s.thing()}就不能{s.act()}",
    lambda s: f"{s.town}的{s.thing()}占到{1 + int(s.flow() * 98)}%",
    lambda s: f"{s.who()}用{s.dice.pick(LATIN)}{s.act()}{s.thing()}",
    lambda s: f"{s.dice.pick(LATIN)}{s.thing()}比去年多了{s.number()}",
    lambda s: f"{s.firm}的{s.thing()}{s.act()}了{s.number()}",
    lambda s: f"{s.office}{s.act()}{s.thing()}{s.number()}，{s.dice.pick(TAILS)}",
    lambda s: f"{1 + int(s.flow() * 12)}月底前，{s.thing()}将{s.act()}",
    lambda s: f"截至{s.at.month}月，{s.city}{s.act()}{s.thing()}{s.number()}",
    lambda s: f"{s.people[0]}今年{18 + int(s.flow() * 70)}岁，{s.act()}{s.thing()}{1 + int(s.flow() * 40)}年了",
    lambda s: f"{s.people[1]}家的{s.thing()}在{s.dice.town()}",
    lambda s: f"{s.thing()}的电话是0{500 + int(s.flow() * 99)}-{5000000 + int(s.flow() * 900000)}",
    lambda s: f"{s.event}之后，{s.thing()}{s.dice.pick(TAILS)}",
    lambda s: f"同比{s.dice.pick(('增长', '下降', '提高', '减少'))}{1 + int(s.flow() * 60)}.{int(s.flow() * 10)}%",
    lambda s: f"{s.who()}问起{s.thing()}，{s.who()}答不上来",
    lambda s: f"{int(6 + s.flow() * 16)}点{int(10 + s.flow() * 49)}分，{s.who()}还在{s.act()}{s.thing()}",
    lambda s: f"{s.town}和{s.dice.town()}之间，{s.thing()}走了{s.number()}",
    lambda s: f"这{s.number()}{s.thing()}，{s.who()}{s.act()}过{2 + int(s.flow() * 9)}遍",
)
TITLES: tuple[Callable[[Story], str], ...] = (
    lambda s: f"{s.city}{s.town}{s.act()}{s.thing()}",
    lambda s: f"{s.event} {s.town}{s.thing()}{s.act()}",
    lambda s: f"{s.things[0]}{s.act()} {s.dice.pick(s.topic.people)}{s.dice.pick(TAILS)}",
    lambda s: f"{s.city}{s.act()}{s.number()}{s.things[0]}",
    lambda s: f"{s.dice.pick(s.topic.people)}{s.people[0]}：{s.act()}{s.thing()}{1 + int(s.flow() * 40)}年",
    lambda s: f"{s.town}的{s.thing()}，{s.dice.pick(TAILS)}",
    lambda s: f"{s.office}：{s.things[0]}{s.act()}",
    lambda s: f"{s.number()}{s.things[1]}{s.act()} {s.city}{s.event}",
    lambda s: f"“{s.things[0]}”{s.act()}“{s.things[1]}” {s.firm}这样做",
    lambda s: f"{s.city}{s.event}",
    lambda s: f"【图片】{s.town}{s.thing()}{s.act()}",
    lambda s: f"{s.things[0]}遇上{s.dice.pick(LATIN)} {s.people[0]}{s.dice.pick(TAILS)}",
)

# -- sites


@dataclass
class Paper:
    """A site with what makes it one: its pace, its people, its addresses, what it shows again and again."""

    name: str
    title: str
    publisher: str
    region: str
    city: str | None
    home: str
    place: Place
    weight: float
    begins: datetime
    offset: int
    holes: list[tuple[datetime, datetime]]
    rule: str
    scheme: int
    charset: str
    sources: list[str]
    reporters: list[str]
    editors: list[str]
    headings: tuple[str, str, str, str]
    broken: Broken | None = None
    number: int = 0
    host: str = ""
    recent: deque[Target] = field(default_factory=lambda: deque(maxlen=80))
    popular: deque[Target] = field(default_factory=lambda: deque(maxlen=25))
    outside: list[Target] = field(default_factory=list)
    top: list[Target] = field(default_factory=list)
    top_day: str = ""


@dataclass(frozen=True)
class Broken:
    """What is wrong with a site since when: ``field`` as health names it."""

    state: str
    field: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """What a link can lead to; ``id`` is null for what is not stored."""

    id: int | None
    key: str
    url: str
    title: str
    lead: str
    source: str | None
    published_at: str | None
    precision: str | None
    thumbnail: str | None
    site: str


KICKERS = ("聚焦民生实事", "记者走基层", "新春走基层", "创城进行时", "身边的手艺人", "热线追踪", "暖新闻", "重点项目观察")
CHANNELS = ("首页 > 新闻 > {}", "{}新闻", "新闻中心 > 本地 > {}", "{}")


def papers(dice: Dice, until: datetime, days: int) -> list[Paper]:
    """The sites that newscrawl knows, each with a character of its own."""
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    begin = until - timedelta(days=days)
    places: dict[str, Place] = {}
    found = []
    for name, spider in SiteLoader.of(settings).sites.items():
        region = spider.region or "山东"
        where = spider.city or CAPITALS.get(region, region)
        if where not in places:
            towns = DISTRICTS.get(where, "").split() + [dice.town() for _ in range(14)]
            places[where] = Place(where, towns, [dice.name() for _ in range(40)], [dice.firm() for _ in range(12)])
        title = spider.title or name
        holes = []
        for _ in range(dice.pick((0, 1, 1, 2, 3, 4))):
            first = begin + timedelta(days=int(days * (0.05 + 0.94 * dice.random())))
            first = first.replace(hour=dice.between(0, 23))
            holes.append((first, first + timedelta(hours=dice.pick((20, 30, 48, 50, 72, 100, 170, 240)))))
        late = dice.chance(0.45)
        paper = Paper(
            name, title, spider.publisher or title, region, spider.city, spider.home, places[where],
            weight=1 / (2 + dice.random() * 28) ** 0.9, begins=begin + timedelta(days=int(0.98 * days * dice.random()) if late else 0),
            offset=dice.between(0, 3600 * 24 // RUNS_A_DAY - 600), holes=holes, rule=f"site:{spider.__module__.rpartition('.')[2]}/2018",
            scheme=dice.between(0, 4), charset=dice.pick(("utf-8", "utf-8", "utf-8", "gb18030")),
            sources=[f"{where}{word}" for word in dice.pick((("晚报", "日报", "新闻客户端"), ("广播电视台", "日报", "发布"), ("早报", "晚报", "发布")))] + [f"{region}{dice.pick(('经济报', '法制报', '工人报', '青年报', '农村报'))}"],
            reporters=[dice.name() for _ in range(dice.between(6, 26))], editors=[dice.name() for _ in range(dice.between(3, 9))],
            headings=dice.pick((("推荐阅读", "相关新闻", "热点排行", "rank"), ("推荐阅读", "相关链接", "点击排行", "rank"), ("编辑推荐", "相关阅读", "热门新闻", "hot"), ("今日推荐", "延伸阅读", "24小时热闻", "hot"))),
            number=dice.between(10_000_000, 30_000_000), host=urlsplit(spider.home).netloc,
        )  # fmt: skip
        found.append(paper)
    by_pace = sorted(found, key=lambda paper: -paper.weight)
    # What a newsroom has to deal with on an ordinary day.
    troubles = (
        ("red", "body_text", 3), ("red", "lists", 9), ("red", "blocked", 1),
        ("yellow", "source", 5), ("yellow", "recommended", 12), ("yellow", "reporter", 2), ("yellow", "silence", 20), ("red", "published_at", 7),
    )  # fmt: skip
    for place, (state, what, past) in enumerate(troubles):
        paper = by_pace[4 + 7 * place]
        paper.begins = begin
        paper.broken = Broken(state, what, until - timedelta(days=min(past, days // 3), hours=dice.between(1, 9)))
        if state == "red" or what == "silence":
            paper.holes.append((paper.broken.since, until + timedelta(days=1)))
    return found


HOURS = (3, 1, 1, 1, 1, 2, 6, 14, 26, 30, 28, 20, 10, 12, 20, 24, 24, 18, 10, 8, 8, 7, 6, 5)
WEEKDAYS = (1.0, 1.05, 1.05, 1.02, 0.98, 0.62, 0.5)


def moments(dice: Dice, sites: Sequence[Paper], count: int, until: datetime, span: int) -> list[tuple[datetime, datetime, Paper]]:
    """When what appeared where: (first seen, published, site), by first sight."""
    shares = [paper.weight for paper in sites]
    running, total = [], 0.0
    for share in shares:
        total += share
        running.append(total)
    order = sorted(range(len(sites)), key=lambda n: running[n])
    hours = [hour for hour, weight in enumerate(HOURS) for _ in range(weight)]
    begin = (until - timedelta(days=span)).replace(hour=0, minute=0, second=0)
    span = (until - begin).days + 1
    days = [begin + timedelta(days=n) for n in range(span)]
    weights = [
        WEEKDAYS[day.weekday()] * (0.3 if (day.month, day.day) in ((1, 1), (10, 1), (10, 2), (10, 3)) else 1) for day in days
    ]
    out: list[tuple[datetime, datetime, Paper]] = []
    every = 3600 * 24 // RUNS_A_DAY
    while len(out) < count:
        at = dice.random() * total
        low, high = 0, len(order) - 1
        while low < high:
            middle = (low + high) // 2
            if running[middle] < at:
                low = middle + 1
            else:
                high = middle
        paper = sites[low]
        day = int(dice.random() * span)
        if dice.random() > weights[day]:
            continue
        published = days[day] + timedelta(hours=dice.pick(hours), seconds=int(dice.random() * 3600))
        if published < paper.begins or any(first <= published < last for first, last in paper.holes):
            continue
        # The next run of its site finds it.
        second = published.timestamp() - paper.offset
        seen = datetime.fromtimestamp((int(second) // every + 1) * every + paper.offset, UTC)
        if seen > until - timedelta(minutes=2):
            continue
        out.append((seen, published, paper))
    out.sort(key=lambda one: (one[0], one[2].name, one[1]))
    return out


def address(paper: Paper, topic: Topic, at: datetime) -> str:
    """An address of the form that the site uses."""
    paper.number += 7
    home = paper.home.rstrip("/")
    number, folder = paper.number, topic.folder
    return (
        f"{home}/{folder}/{at:%Y%m}/t{at:%Y%m%d}_{number}.htm",
        f"{home}/{folder}/{at:%Y/%m%d}/{number}.html",
        f"{home}/html/{at:%Y-%m}/{at:%d}/content_{number}.htm",
        f"{home}/{folder}/{at:%Y/%m/%d}/{number}.shtml",
        f"{home}/p/{number}.html",
    )[paper.scheme]


# -- rows


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(slots=True)
class Text:
    """A text that others may take over: what its reprints are made from."""

    number: int
    at: datetime
    paper: Paper
    topic: Topic
    story: Story
    title: str
    lines: list[str]
    source: str | None


@dataclass(slots=True)
class Parts:
    """What stands in an article besides its text, for its revisions."""

    bylines: list[tuple[str, int, str, str | None]]
    images: list[tuple[int, str, str | None, str | None]]
    blocks: list[dict[str, Any]]


INSERTS = {
    "articles": 29, "bylines": 5, "images": 5, "article_blocks": 6, "article_links": 18, "link_positions": 3, "revisions": 24, "absences": 6,
}  # fmt: skip
COLUMNS = {
    "articles": "id, url, site, publisher, region, channel, title, kicker, subtitle, published_at, published_raw, published_precision, source, "
    "source_url, body_text, body_html, characters, lead, keywords, charset, content_hash, state_hash, first_seen, last_changed, flags, provenance, "
    "read_from, gone_at, gone_why",
    "bylines": "article_id, role, position, name, label",
    "images": "article_id, position, url, caption, alt",
    "article_blocks": "article_id, position, kind, heading, links, filled_by",
    "article_links": "id, article_id, kind, heading, block, position, title, full_title, url, target_key, target_id, thumbnail, summary, source, "
    "published_at, published_raw, first_seen, gone_at",
    "link_positions": "link_id, seen_at, position",
    "revisions": "article_id, number, cause, changed, summary, seen_from, last_seen, replaced_at, title, kicker, subtitle, published_at, published_raw, "
    "published_precision, source, source_url, bylines, body_text, body_html, images, blocks, content_hash, provenance, id",
    "absences": "article_id, gone_at, looked_at, verdict, why, back_at",
}
PAGE = "key, url, site, kind, verdict, why, status, tries, first_seen, fetched_at, found_on, article_id, charset, size, etag, last_modified, depth, number, next_visit, every, failing_since, listed, usual, read_by, marker, marker_at, posted"
PAGE_NAMES = PAGE.split(", ")
READ_BY = f"{__version__}/7f705643"
REFUSALS = (
    ("soft404", "it says “您访问的页面不存在”", 200), ("soft404", "the home page in its place", 200), ("gone", "status 404", 404), ("gone", "status 410", 410),
    ("blocked", "status 403", 403), ("captcha", "it says “请完成安全验证”", 200), ("login", "it says “请先登录”", 200), ("empty", "no text without a browser", 200),
    ("video", "a player and no text", 200), ("offsite", "led to another site", None), ("robots", "robots.txt disallows it", None), ("error", "status 502", 502),
    ("error", "TimeoutError: no answer within 30 s", None), ("truncated", "longer than what is parsed of a page", 200), ("incomplete", "no title", 200), ("list", "a topic page", 200),
)  # fmt: skip


class Maker:
    """Makes the rows and writes them, a batch at a time."""

    def __init__(self, connection: sqlite3.Connection, dice: Dice, until: datetime) -> None:
        self.connection, self.dice, self.until = connection, dice, until
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in INSERTS}
        self.urls: list[tuple[Any, ...]] = []
        self.pages: dict[str, tuple[Any, ...]] = {}
        self.links = self.made = self.revisions = 0
        self.wires: deque[Text] = deque(maxlen=40)
        self.groups: dict[int, list[tuple[clusters.Member, str]]] = {}
        self.by_publisher: dict[str, deque[Target]] = defaultdict(lambda: deque(maxlen=120))
        self.read: Counter[tuple[str, str]] = Counter()
        self.traditional = OpenCC("s2t")

    def flush(self) -> None:
        for name, rows in self.rows.items():
            marks = ", ".join("?" * INSERTS[name])
            self.connection.executemany(f"INSERT INTO {name} ({COLUMNS[name]}) VALUES ({marks})", rows)
            rows.clear()

    # -- an article

    def article(self, number: int, seen: datetime, published: datetime, paper: Paper, links: int) -> None:
        dice = self.dice
        pick, chance = dice.pick, dice.chance
        first_seen = seen + timedelta(seconds=dice.between(4, 240))
        wire = self._wire(published, paper) if chance(0.11) else None
        topic = wire.topic if wire else TOPIC_DRAW[int(dice.random() * len(TOPIC_DRAW))]
        place = paper.place
        story = wire.story if wire else Story(dice, topic, place, published)
        reporters = [dice.early(paper.reporters)] if chance(0.62) else []
        if reporters and chance(0.25):
            reporters += [name for name in [pick(paper.reporters)] if name not in reporters]
        correspondents = [dice.name() for _ in range(pick((1, 1, 2)))] if chance(0.28) else []
        if wire:
            title, lines, source = self._taken_over(wire, paper)
            reporters = correspondents = []
        else:
            title, source = story.title(), self._source(paper, story)
            lines = story.body(min(2300, int(170 - 420 * log(1 - dice.random()))))
            if reporters and chance(0.8):
                people = f"记者 {' '.join(reporters)}" + (f" 通讯员 {' '.join(correspondents)}" if correspondents else "")
                lines[0] = f"{source or paper.title}{published.month}月{published.day}日讯（{people}）{lines[0]}"
        broken = paper.broken if paper.broken and published >= paper.broken.since else None
        if broken and broken.field == "source":
            source = None
        if broken and broken.field == "reporter":
            reporters = []
        kicker = pick(KICKERS) if chance(0.04) else None
        subtitle = None if not chance(0.07) else f"{story.things[0]}{pick(TAILS)}"
        html, lines, images, lead = self._body(lines, paper, story, published)
        body = "\n".join(lines)
        if not wire and chance(0.004):
            title, body, html = (self.traditional.convert(text) for text in (title, body, html))
        url = address(paper, topic, published)
        key = fingerprint.key(url)
        published_at, raw, precision = self._time(published, broken)
        flags = [word for word, share in (("incomplete", 0.004), ("truncated", 0.001), ("mojibake", 0.001)) if chance(share)]
        target = Target(
            number,
            key,
            url,
            title,
            lines[0][:60],
            source,
            published_at,
            precision,
            self._thumbnail(paper, published) if images else None,
            paper.name,
        )
        # -- who made it
        bylines = [
            (role, n, name, None)
            for role, names in (("reporter", reporters), ("correspondent", correspondents))
            for n, name in enumerate(names, 1)
        ]
        if chance(0.3):
            bylines.append(("author", 1, reporters[0] if reporters else dice.name(), None))
        for n in range(1, pick((1, 2, 2, 2, 3, 4))):
            bylines += [("editor", n, dice.early(paper.editors), LABELS[(n + paper.offset) % len(LABELS)])]
        self.rows["bylines"] += [(number, *row) for row in bylines]
        self.rows["images"] += [(number, *row) for row in images]
        blocks = self._blocks(number, paper, first_seen, links, flags, target, broken)
        # -- what became of it
        last_changed = first_seen
        if chance(0.016):
            last_changed = self._revisions(
                number,
                paper,
                first_seen,
                Parts(bylines, images, blocks),
                (title, kicker, subtitle, published_at, raw, precision, source, body, html),
            )
        gone = self._pages(number, paper, topic, first_seen, published, url, key)
        digest = fingerprint.content_hash(title, body)
        self.rows["articles"].append((
            number, url, paper.name, paper.publisher, paper.region, CHANNELS[paper.scheme % len(CHANNELS)].format(topic.name), title, kicker, subtitle,
            published_at, raw, precision, source, f"http://www.{paper.host.removeprefix('www.')}/" if source and chance(0.15) else None, body, html, len(body), lead,
            as_json(list(dict.fromkeys([topic.name, *story.things[: dice.between(1, 3)]])) if chance(0.85) else []), paper.charset, digest,
            blake2b(f"{digest}{source}{published_at}".encode(), digest_size=16).hexdigest(), stamp(first_seen), stamp(last_changed), as_json(flags),
            self._provenance(paper, source, reporters), key, *gone,
        ))  # fmt: skip
        self.read[paper.name, stamp(seen)] += 1
        if chance(0.3):
            paper.recent.append(target)
        if chance(0.04):
            paper.popular.append(target)
        self.by_publisher[paper.publisher].append(target)
        self._reprints(
            number, wire, Text(number, published, paper, topic, story, title, lines, source), url, published_at, precision, body
        )
        self.made += 1

    def _wire(self, published: datetime, paper: Paper) -> Text | None:
        """A text of the last days for a site to take over; another publisher's."""
        fitting = [
            wire
            for wire in self.wires
            if wire.at < published < wire.at + timedelta(days=3) and wire.paper.publisher != paper.publisher
        ]
        return self.dice.late(fitting) if fitting else None

    def _source(self, paper: Paper, story: Story) -> str | None:
        roll = self.dice.random()
        if roll < 0.42:
            return paper.title
        if roll < 0.56:
            return paper.publisher
        if roll < 0.78:
            return str(self.dice.early(paper.sources))
        if roll < 0.9:
            return story.office.replace("120", "")
        if roll < 0.96:
            return f"{story.town}{self.dice.pick(('融媒体', '发布', '微信公众号', '政务网'))}"
        return None

    def _taken_over(self, wire: Text, paper: Paper) -> tuple[str, list[str], str | None]:
        """Title, paragraphs and 来源 of a reprint: whole, shortened, with an end or a head of its own, lightly edited."""
        dice = self.dice
        lines, title = list(wire.lines), wire.title
        roll = dice.random()
        if roll < 0.3 and len(lines) > 4:
            lines = lines[: max(3, len(lines) * 3 // 4)]
        elif roll < 0.5:
            lines[-1] += f"{dice.pick(wire.topic.people).join(('', '们'))}{dice.pick(TAILS)}。"
        elif roll < 0.7:
            place = dice.between(0, len(lines) - 1)
            lines[place] = lines[place].replace("不少人", "很多人").replace("当地", "该地").replace("这里", "此处")
        if dice.chance(0.35):
            title = (
                f"{wire.paper.place.name}：{title}"
                if dice.chance(0.5)
                else (title.split(" ")[0] if " " in title else f"{title}（图）")
            )
        if dice.chance(0.15):
            lines.append(f"（来源：{wire.paper.title}" + (f" 原标题：{wire.title}）" if title != wire.title else "）"))
        source = dice.pick((wire.paper.title, wire.paper.publisher, wire.source, paper.title))
        return title, lines, source

    def _time(self, published: datetime, broken: Broken | None) -> tuple[str | None, str | None, str | None]:
        roll = self.dice.random()
        if (broken and broken.field == "published_at" and roll < 0.8) or roll < 0.003:
            return None, None, None
        if roll < 0.04:
            day = published.replace(hour=0, minute=0, second=0)
            return day.isoformat(timespec="seconds"), f"{day:%Y年%m月%d日}", "day"
        if roll < 0.45:
            minute = published.replace(second=0)
            return minute.isoformat(timespec="seconds"), f"{minute:%Y-%m-%d %H:%M}", "minute"
        return published.isoformat(timespec="seconds"), f"{published:%Y-%m-%d %H:%M:%S}", "second"

    def _thumbnail(self, paper: Paper, published: datetime) -> str:
        return f"http://{paper.host}/thumb/{published:%Y%m%d}{int(self.dice.random() * 1e6):06d}_120x80.jpg"

    def _body(
        self, lines: list[str], paper: Paper, story: Story, published: datetime
    ) -> tuple[str, list[str], list[tuple[int, str, str | None, str | None]], str | None]:
        """HTML, lines with subheadings and captions among them, images, lead."""
        dice = self.dice
        html, out, lead, images = [], [], None, []
        if dice.chance(0.05):
            lead = f"{story.event}，{dice.pick(TAILS)}"
            html.append(f"<p><strong>{lead}</strong></p>")
            out.append(lead)
        pictures = dice.pick((1, 1, 1, 2, 3, 4)) if dice.chance(0.42) else 0
        headed = len(lines) > 4 and dice.chance(0.2)
        for n, line in enumerate(lines):
            if headed and n and n % 3 == 0:
                heading = f"{story.thing()}，{dice.pick(TAILS)}"
                html.append(f"<h3>{heading}</h3>")
                out.append(heading)
            html.append(f"<p>{line}</p>")
            out.append(line)
            if pictures > len(images) and (n % 2 == 0 or n + pictures - len(images) >= len(lines)):
                url = f"http://{paper.host}/images/{published:%Y%m}/W02{published:%Y%m%d}{int(dice.random() * 1e12):012d}.jpg"
                caption = f"{story.who()}在{story.town}{story.act()}{story.thing()}。" if dice.chance(0.7) else None
                images.append((len(images) + 1, url, caption, story.things[0] if dice.chance(0.2) else None))
                html.append(
                    f'<figure><img src="{url}">' + (f"<figcaption>{caption}</figcaption>" if caption else "") + "</figure>"
                )
                if caption:
                    out.append(caption)
        return "".join(html), out, images, lead

    def _provenance(self, paper: Paper, source: str | None, reporters: list[str]) -> str:
        given = dict.fromkeys(("body", "editors", "published_at", "title"), paper.rule) | {
            "channel": "generic:breadcrumb",
            "keywords": "meta:keywords",
        }
        if source:
            given["source"] = paper.rule
        if reporters:
            given["reporters"] = "text"
        return json.dumps(given, ensure_ascii=False, sort_keys=True)

    # -- links

    def _blocks(
        self, number: int, paper: Paper, seen: datetime, count: int, flags: list[str], own: Target, broken: Broken | None
    ) -> list[dict[str, Any]]:
        dice = self.dice
        recommended = min(count, round(count * (0.38 + 0.2 * dice.random())))
        related = min(count - recommended, round(count * 0.45 * dice.random())) if dice.chance(0.55) else 0
        listed = count - recommended - related
        if broken and broken.field == "recommended":
            listed, recommended = listed + recommended, 0
        first, second, third, kind = paper.headings
        told: list[dict[str, Any]] = []
        for place, (name, heading, size) in enumerate(
            (("recommended", first, recommended), ("related", second, related), (kind, third, listed)), 1
        ):
            filled_by = "page"
            if name == "related":
                filled_by = "endpoint" if size else ("unanswered" if dice.chance(0.02) else "page")
                if filled_by == "unanswered":
                    flags.append("unanswered")
            links = self._links(number, paper, seen, name, heading, place, size, own)
            self.rows["article_blocks"].append(
                (number, place, name, heading, sum(1 for link in links if link[-1] is None), filled_by)
            )
            standing = [
                {
                    key: value
                    for key, value in zip(
                        ("position", "title", "url", "published_at", "source"),
                        (link[5], link[6], link[8], link[14], link[13]),
                        strict=True,
                    )
                    if value is not None
                }
                for link in links
                if link[-1] is None
            ]
            told.append({"position": place, "kind": name, "heading": heading, "links": standing})
        return told

    def _links(
        self, number: int, paper: Paper, seen: datetime, kind: str, heading: str, block: int, size: int, own: Target
    ) -> list[tuple[Any, ...]]:
        dice, chance, rows = self.dice, self.dice.chance, []
        first_seen = stamp(seen)
        taken = {own.key}
        editorial = kind in ("recommended", "related")
        if not editorial:
            self._bring_up_top(paper, seen)
        for position in range(1, size + 1):
            target = self._target(paper, kind, position, seen)
            if target.key in taken:
                target = self._target(paper, kind, position + 3, seen)
                if target.key in taken:
                    target = self._invented(paper, seen)
            taken.add(target.key)
            title, full = target.title, None
            if len(title) > 18 and chance(0.08):
                title, full = f"{title[:15]}…", title
            summary = f"{target.lead}…[详细]" if kind == "recommended" and target.lead and chance(0.4) else None
            thumbnail = target.thumbnail if kind == "recommended" else None
            at = raw = source = None
            if editorial and target.published_at and chance(0.6):
                at, raw, source = target.published_at, target.published_at[5:16].replace("T", " "), target.source
            gone_at = None
            if editorial and chance(0.07):
                gone = seen + timedelta(hours=dice.between(3, 200))
                gone_at = stamp(gone) if gone < self.until else None
            self.links += 1
            rows.append(
                (
                    self.links,
                    number,
                    kind,
                    heading,
                    block,
                    position,
                    title,
                    full,
                    target.url,
                    target.key,
                    target.id,
                    thumbnail,
                    summary,
                    source,
                    at,
                    raw,
                    first_seen,
                    gone_at,
                )
            )
            if gone_at or (editorial and chance(0.006)):
                moved = gone_at or stamp(min(seen + timedelta(hours=20), self.until))
                self.rows["link_positions"] += [(self.links, first_seen, position)] + (
                    [(self.links, moved, None if gone_at else position + 1)] if moved > first_seen else []
                )
        self.rows["article_links"] += rows
        return rows

    def _target(self, paper: Paper, kind: str, position: int, seen: datetime) -> Target:
        dice = self.dice
        if kind not in ("recommended", "related") and position <= len(paper.top):
            return paper.top[position - 1]
        roll = dice.random()
        if roll < 0.24:
            # What is not stored: some of it linked again and again.
            known = paper.outside
            return dice.late(known[-60:]) if known and dice.chance(0.72) else self._invented(paper, seen)
        if roll < 0.5 and paper.popular:
            return dice.late(paper.popular)
        if roll < 0.62 and (others := self.by_publisher[paper.publisher]):
            return dice.late(others)
        return dice.late(paper.recent) if paper.recent else self._invented(paper, seen)

    def _bring_up_top(self, paper: Paper, seen: datetime) -> None:
        day = stamp(seen)[:10]
        if paper.top_day != day:
            paper.top_day = day
            paper.top = list(
                {
                    target.key: target for target in [*list(paper.popular)[-6:], *list(paper.recent)[-5:], *paper.outside[-1:]]
                }.values()
            )[:10]

    def _invented(self, paper: Paper, seen: datetime) -> Target:
        """An address that no crawl has stored: on the site itself or on another one."""
        dice = self.dice
        topic = dice.pick(TOPICS)
        at = (seen - timedelta(hours=dice.between(1, 90))).astimezone(SHANGHAI)
        title = Story(dice, topic, paper.place, at).title()
        own = dice.chance(0.45)
        paper.number += 11
        url = (
            address(paper, topic, at)
            if own
            else f"http://{dice.pick(('sd', 'news', 'paper', 'pic', 'video'))}.{paper.host.partition('.')[2] or paper.host}/{topic.folder}/{at:%Y%m}/{paper.number}.html"
        )
        key = fingerprint.key(url)
        target = Target(
            None, key, url, title, title, dice.early(paper.sources), at.isoformat(timespec="seconds"), "second", None, paper.name
        )
        paper.outside.append(target)
        if len(paper.outside) > 400:
            del paper.outside[:200]
        if own:
            self._found(paper, key, url, seen)
        return target

    # -- pages

    def _page(self, key: str, url: str, paper: Paper, **values: Any) -> None:
        row = {
            "kind": "article",
            "verdict": "article",
            "why": "",
            "tries": 1,
            "depth": 0,
            "charset": paper.charset,
            "read_by": READ_BY,
            **values,
        }
        self.pages.setdefault(key, tuple({"key": key, "url": url, "site": paper.name, **row}.get(name) for name in PAGE_NAMES))

    def _found(self, paper: Paper, key: str, url: str, seen: datetime) -> None:
        """What became of an address that gave no article, if it was asked for at all."""
        dice = self.dice
        first = stamp(seen)
        if seen > self.until - timedelta(days=2) and dice.chance(0.5):
            self._page(
                key,
                url,
                paper,
                verdict="pending",
                tries=0,
                first_seen=first,
                depth=1,
                next_visit=first,
                charset=None,
                read_by=None,
            )
        elif dice.chance(0.6):
            verdict, why, status = dice.pick(REFUSALS)
            tries = dice.between(1, 5) if verdict in ("error", "blocked", "captcha") else 1
            again = stamp(self.until + timedelta(hours=2)) if tries < 5 and verdict in ("error", "blocked", "captcha") else None
            fetched = stamp(min(seen + timedelta(hours=dice.between(1, 60)), self.until))
            answered = status == 200
            self._page(
                key, url, paper, verdict=verdict, why=why, status=status, tries=tries, first_seen=first, fetched_at=fetched, depth=dice.pick((0, 1, 1)), next_visit=again,
                found_on=paper.home, failing_since=None if verdict == "list" else fetched, charset=paper.charset if answered else None, read_by=READ_BY if answered else None, size=dice.between(400, 30000) if status else None,
            )  # fmt: skip

    def _pages(
        self, number: int, paper: Paper, topic: Topic, seen: datetime, published: datetime, url: str, key: str
    ) -> tuple[str | None, str | None]:
        """The addresses of an article, and whether it is still there: since when it is not, and why."""
        dice, chance, first = self.dice, self.dice.chance, stamp(seen)
        self.urls.append((key, number, url, "canonical", first))
        age = self.until - seen
        looks = sum(1 for step in (1, 6, 24, 72, 168, 720) if age > timedelta(hours=step))
        fetched = seen + timedelta(hours=(0, 1, 6, 24, 72, 168, 720)[looks]) if looks else seen
        upcoming = [step for step in (1, 6, 24, 72, 168, 720) if age <= timedelta(hours=step)]
        row = {
            "status": 200 if chance(0.7) else 304, "tries": 1 + looks, "first_seen": first, "fetched_at": stamp(fetched), "found_on": f"{paper.home.rstrip('/')}/{topic.folder}/", "article_id": number,
            "size": dice.between(9000, 90000), "etag": f'"{int(dice.random() * 1e15):x}"' if chance(0.6) else None, "last_modified": f"{published.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT" if chance(0.5) else None,
            "next_visit": stamp(seen + timedelta(hours=upcoming[0])) if upcoming else None, "depth": 0 if chance(0.9) else 1,
        }  # fmt: skip
        lost: tuple[str | None, str | None] = (None, None)
        if chance(0.014) and looks:
            gone = seen + timedelta(hours=dice.between(2, max(3, min(int(age.total_seconds() // 3600), 700))))
            gone_at, verdict, why = (
                stamp(min(gone, self.until)),
                *dice.pick((("gone", "status 404"), ("soft404", "it says “您访问的页面不存在”"))),
            )
            back = stamp(min(gone + timedelta(hours=30), self.until)) if chance(0.15) else None
            self.rows["absences"].append((number, gone_at, gone_at, verdict, why, back))
            if back is None:
                row |= {
                    "verdict": verdict,
                    "why": why,
                    "status": 404 if verdict == "gone" else 200,
                    "failing_since": gone_at,
                    "fetched_at": gone_at,
                }
                lost = (gone_at, f"{verdict}: {why}")
        self._page(key, url, paper, **row)
        if chance(0.06):
            old = url.replace(f"/{topic.folder}/", "/xinwen/") if f"/{topic.folder}/" in url else f"{url}?from_list=1"
            old_key = fingerprint.key(old)
            if old_key != key:
                self.urls.append((old_key, number, old, "address", first))
                self._page(
                    old_key,
                    old,
                    paper,
                    verdict="redirect",
                    why=f"to {url}",
                    first_seen=first,
                    fetched_at=first,
                    article_id=number,
                    charset=None,
                    read_by=None,
                )
        if chance(0.02):
            stem, _, ending = url.rpartition(".")
            for part in range(2, dice.between(3, 5)):
                further = f"{stem}_{part}.{ending}"
                self.urls.append((fingerprint.key(further), number, further, "part", first))
                self._page(
                    fingerprint.key(further),
                    further,
                    paper,
                    kind="part",
                    status=200,
                    first_seen=first,
                    fetched_at=first,
                    article_id=number,
                    found_on=url,
                    size=dice.between(8000, 40000),
                )
        if chance(0.01):
            paper.number += 3
            twin = address(paper, topic, published)
            self.urls.append((fingerprint.key(twin), number, twin, "same text", first))
            self._page(
                fingerprint.key(twin),
                twin,
                paper,
                status=200,
                first_seen=first,
                fetched_at=first,
                article_id=number,
                size=dice.between(9000, 90000),
            )
        return lost

    # -- what it was before

    def _revisions(self, number: int, paper: Paper, seen: datetime, parts: Parts, now: tuple[Any, ...]) -> datetime:
        """States that the article had, made from what it is now; when the last change was seen."""
        dice = self.dice
        bylines, images = (
            [{"role": role, "label": label, "name": name} for role, _, name, label in parts.bylines],
            [{"url": url, "caption": caption, "alt": alt} for _, url, caption, alt in parts.images],
        )
        title, kicker, subtitle, published_at, raw, precision, source, body, html = now
        states = [(title, source, body, html, bylines)]
        for _ in range(dice.pick((1, 1, 1, 2, 3))):
            old_title, old_source, old_body, old_html, old_bylines = states[-1]
            roll = dice.random()
            if roll < 0.35:
                wrong = old_title.replace("了", "", 1) if "了" in old_title else f"{old_title}（图）"
                old_title = wrong
            elif roll < 0.75:
                lines = old_body.split("\n")
                place = dice.between(0, len(lines) - 1)
                before = lines[place]
                if len(lines) > 3 and dice.chance(0.4):
                    del lines[place]
                    old_html = old_html.replace(f"<p>{before}</p>", "")
                else:
                    lines[place] = f"{before[: len(before) // 2]}{dice.pick(ADJECTIVES)}{before[len(before) // 2 :]}"
                    old_html = old_html.replace(before, lines[place])
                old_body = "\n".join(lines)
            elif roll < 0.88:
                old_source = paper.sources[-1] if old_source != paper.sources[-1] else None
            else:
                old_bylines = [*old_bylines, {"role": "editor", "label": "编辑", "name": dice.name()}]
            states.append((old_title, old_source, old_body, old_html, old_bylines))
        states.reverse()
        told = [
            diff.State(
                one[0], kicker, subtitle, published_at, precision, one[1], tuple(diff.Byline(line["role"], line["name"], line["label"]) for line in one[4]), one[2], one[3],
                tuple(diff.Picture(image["url"], image["caption"]) for image in images),
            )
            for one in states
        ]  # fmt: skip
        from_, place = seen, 0
        for old, new, state in zip(told, told[1:], states, strict=False):
            changed = diff.compare(old, new)
            replaced = from_ + timedelta(hours=dice.between(1, 40))
            if not changed or replaced > self.until:
                continue
            place += 1
            last_seen = from_ + (replaced - from_) / 2
            cause = "site" if dice.chance(0.9) else "rules"
            self.revisions += 1
            self.rows["revisions"].append((
                number, place, cause, as_json(changed), diff.summary(old, new, changed), stamp(from_), stamp(last_seen), stamp(replaced), state[0], kicker, subtitle, published_at, raw,
                precision, state[1], None, as_json(state[4]), state[2], state[3], as_json(images), as_json(parts.blocks), fingerprint.content_hash(state[0], state[2]), "{}", self.revisions,
            ))  # fmt: skip
            from_ = replaced
        return from_

    # -- reprints

    def _reprints(
        self, number: int, wire: Text | None, text: Text, url: str, published_at: str | None, precision: str | None, body: str
    ) -> None:
        if wire is None:
            if len(body) > 250 and self.dice.chance(0.12):
                self.wires.append(text)
                self.groups[number] = [self._member(number, text, url, published_at, precision, body)]
        elif wire.number in self.groups:
            self.groups[wire.number].append(self._member(number, text, url, published_at, precision, body))

    def _member(
        self, number: int, text: Text, url: str, published_at: str | None, precision: str | None, body: str
    ) -> tuple[clusters.Member, str]:
        paper = text.paper
        made = sketch.sketch(body)
        member = clusters.Member(
            number,
            made.digest if made else number,
            url,
            paper.name,
            paper.title,
            paper.publisher,
            text.title,
            text.source,
            published_at,
            precision,
            len(body),
            sketch.credits_in(body),
        )
        return member, body

    def clusters(self) -> int:
        """Write the clusters: what is alike to the text that it was taken from, as `newscrawl.store.clusters` would tell it."""
        rows, members, number = [], [], 0
        for group in self.groups.values():
            if len(group) < 2:
                continue
            first = sketch.Text(group[0][1])
            group = [group[0], *(one for one in group[1:] if sketch.compare(first, sketch.Text(one[1])).alike)]
            if len(group) < 2:
                continue
            number += 1
            bodies = {member.id: body for member, body in group}
            found = [member for member, _ in group]
            origin, reasons = clusters.origin(found)
            text = sketch.Text(bodies[origin.id])
            times = sorted((one.published_at for one in found if one.published_at), key=datetime.fromisoformat)
            rows.append((
                number, len(found), len({one.sketch_id for one in found}), len({one.site for one in found}), len({one.publisher or one.site for one in found}), origin.id, as_json(reasons),
                times[0] if times else None, times[-1] if times else None,
            ))  # fmt: skip
            for member in found:
                alike = sketch.compare(text, sketch.Text(bodies[member.id]))
                members.append((member.id, number, *((1.0, 1.0) if member is origin else (alike.similarity, alike.containment))))
        many = self.connection.executemany
        many(
            "INSERT INTO clusters (id, articles, texts, sites, publishers, origin_id, origin_reasons, first_published_at, last_published_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        many("INSERT INTO cluster_members (article_id, cluster_id, similarity, containment) VALUES (?, ?, ?, ?)", sorted(members))
        return number

    # -- lists, runs

    def lists(self, sites: Iterable[Paper]) -> None:
        """The lists, feeds and sitemaps of the sites."""
        dice, now = self.dice, self.until
        for paper in sites:
            home = paper.home.rstrip("/")
            broken = paper.broken
            found = [("channel", f"{home}/", 1)]
            for topic in TOPICS[: dice.between(3, 7)]:
                found += [("channel", f"{home}/{topic.folder}/", 1)] + [
                    ("channel", f"{home}/{topic.folder}/index_{n}.htm", n + 1) for n in range(1, dice.between(1, 4))
                ]
            if dice.chance(0.6):
                found.append(("feed", f"{home}/rss.xml", 1))
            if dice.chance(0.4):
                found.append(("sitemap", f"{home}/sitemap.xml", 1))
            for kind, url, number in found:
                usual = float(dice.between(12, 40))
                dead = broken is not None and broken.field == "lists"
                since = stamp(broken.since) if broken else None
                every = dice.pick((15, 20, 30, 45, 60, 90, 135, 240))
                listed = 0 if dead else int(usual)
                verdict, why, status, failing = ("list", f"{listed} articles, 0 new", 200, None)
                if broken and broken.field == "blocked":
                    verdict, why, status, failing = "blocked", "status 403", 403, since
                self._page(
                    fingerprint.key(url), url, paper, kind=kind, verdict=verdict, why=why, status=status, tries=dice.between(200, 9000), first_seen=stamp(paper.begins), fetched_at=stamp(now - timedelta(minutes=dice.between(1, 50))),
                    size=dice.between(9000, 60000), number=number, next_visit=stamp(now + timedelta(minutes=every)) if number == 1 else None, every=every if number == 1 else None, listed=listed, usual=usual, posted=0, failing_since=failing,
                )  # fmt: skip
            self.connection.execute(
                "INSERT INTO robots (origin, body, fetched_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (home, b"User-agent: *\nDisallow: /admin/\n", stamp(now - timedelta(hours=2))),
            )

    def runs(self, sites: Sequence[Paper], days: int) -> int:
        """The ledger of the last days: each site at its own minutes, eight times a day."""
        every = 24 * 3600 // RUNS_A_DAY
        begin = self.until - timedelta(days=days)
        starts = []
        for paper in sites:
            slot = (int(begin.timestamp() - paper.offset) // every + 1) * every + paper.offset
            while slot < self.until.timestamp():
                starts.append((datetime.fromtimestamp(slot, UTC), paper))
                slot += every
        starts.sort(key=lambda one: (one[0], one[1].name))
        episodes = {paper.name: self._episode(paper, begin, days) for paper in sites}
        rows, fields = [], []
        told: Counter[str] = Counter()
        fresh: dict[str, datetime] = {}
        for at, paper in starts:
            broken = paper.broken if paper.broken and at >= paper.broken.since else None
            if at < paper.begins.astimezone(UTC) or (broken is None and any(first <= at < last for first, last in paper.holes)):
                continue
            told[paper.name] += 1
            number = len(rows) + 1
            row, read = self._run(number, at, paper, broken or episodes[paper.name], told[paper.name], fresh)
            rows.append(row)
            fields += read
        many = self.connection.executemany
        many(
            "INSERT INTO runs (id, site, command, version, started_at, finished_at, seconds, reason, exit_code, requests, bytes, new, changed, unchanged, duplicates, refused, failed, statuses, verdicts, "
            "links, retries, slowest_host, slowest_seconds, peak_memory, state, message) VALUES (?, ?, 'crawl', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        many(
            "INSERT INTO run_fields (run_id, field, articles, filled, distinct_values, median_length, rules) VALUES (?, ?, ?, ?, ?, ?, ?)",
            fields,
        )
        return len(rows)

    def _episode(self, paper: Paper, begin: datetime, days: int) -> Broken | None:
        """A time in which a site was not well, and which is over."""
        dice = self.dice
        if not dice.chance(0.3):
            return None
        return Broken(
            "yellow",
            dice.pick(("source", "recommended", "reporter")),
            begin + timedelta(hours=dice.between(6, max(7, days * 16))),
        )

    def _run(
        self, number: int, at: datetime, paper: Paper, trouble: Broken | None, nth: int, fresh: dict[str, datetime]
    ) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
        dice = self.dice
        new = self.read[paper.name, stamp(at)]
        looked = dice.between(0, 6)
        # An episode lasts two days.
        stands = (
            trouble is not None and at >= trouble.since and (trouble is paper.broken or at < trouble.since + timedelta(days=2))
        )
        what = trouble.field if stands and trouble else None
        refused: Counter[str] = Counter()
        for _ in range(dice.between(0, 2)):
            refused[dice.pick(("soft404", "gone", "video", "list"))] += 1
        failed = 1 if dice.chance(0.06) else 0
        if what == "body_text":
            refused["empty"] += dice.between(3, 9)
        if what == "blocked":
            refused["blocked"] += dice.between(5, 12)
            looked = 0
        changed = 1 if looked and dice.chance(0.12) else 0
        asked = 6 + new + looked + refused.total() + failed
        if new:
            fresh[paper.name] = at
        state: str | None = "new" if nth <= 3 else "green"
        message = None
        killed = dice.chance(0.002)
        if what and trouble:
            state, message = trouble.state, f"{paper.name}: {self._said(paper, trouble, at, fresh.get(paper.name))}"
        if killed:
            state = message = None
        seconds = round(6 + 1.1 * asked + 5 * dice.random(), 3)
        code = 137 if killed else 3 if state in ("yellow", "red") else 0
        count = new + looked
        kinds = {"recommended": 5 * count if what != "recommended" else 0, paper.headings[3]: 4 * count, "related": 2 * count}
        statuses = {
            "200": asked - looked - failed,
            **({"304": looked} if looked else {}),
            **({"502": failed} if failed else {}),
            **({"403": refused["blocked"]} if refused["blocked"] else {}),
        }
        row = (
            number, paper.name, __version__, stamp(at), stamp(at + timedelta(seconds=seconds)), seconds, "killed" if killed else "finished", code, asked, asked * dice.between(14000, 42000), new, changed,
            looked - changed, 1 if dice.chance(0.02) else 0, refused.total(), failed, as_json(statuses), as_json(refused), as_json({kind: n for kind, n in kinds.items() if n}), failed,
            paper.host, round(0.1 + 2 * dice.random(), 3), dice.between(150, 260) * 1_000_000, state, message,
        )  # fmt: skip
        fields = (
            [self._field(number, name, count, 0.0 if name == what else share, length, paper) for name, share, length in FILLED]
            if count
            else []
        )
        return row, fields

    def _field(self, run: int, name: str, count: int, share: float, length: float, paper: Paper) -> tuple[Any, ...]:
        filled = min(count, int(count * share + self.dice.random()) if share < 1 else count) if share else 0
        by = {"reporter": "text", "correspondent": "text", "channel": "generic:breadcrumb", "keywords": "meta:keywords"}.get(
            name, paper.rule
        )
        blocks = name in ("recommended", "related", "rank", "lead", "images")
        rules = {} if blocks or not filled else {by: filled}
        if name == "related" and filled < count:
            rules = {"empty": count - filled}
        return (
            run,
            paper.headings[3] if name == "rank" else name,
            count,
            filled,
            max(1, filled) if filled else 0,
            length if filled else None,
            as_json(rules),
        )

    def _said(self, paper: Paper, trouble: Broken, at: datetime, last: datetime | None) -> str:
        """What health would have said of it."""
        since = trouble.since.astimezone(SHANGHAI)
        when, many = f"{since:%m-%d %H:%M}", max(4, int((at - trouble.since).total_seconds() // 7200) + 4)
        rule = paper.rule.removeprefix("site:")
        return {
            "body_text": f"body empty in {many} of {many} articles since {when}, rule {rule} no longer matches (and 1 more: pages refused)",
            "lists": f"all 6 lists link no article any more: their pattern or layout has changed; first {paper.home}",
            "blocked": f"{many} of {many + 1} pages refused since {when}: {many} blocked",
            "source": f"来源 empty in {many} of {many} articles since {when}, rule {rule} no longer matches",
            "recommended": f"推荐阅读 empty in {many} of {many} articles since {when}, its block is missing",
            "reporter": f"记者 empty in {many} of {many} articles since {when}",
            "silence": f"no new article since {(last.astimezone(SHANGHAI) if last else since):%m-%d %H:%M}, usually one every 4 h",
            "published_at": f"published_at empty in {many - 1} of {many} articles since {when}, rule {rule} no longer matches",
        }[trouble.field]


FILLED = (
    ("title", 1.0, 19.0), ("published_at", 0.99, 25.0), ("source", 0.94, 6.0), ("body_text", 1.0, 620.0), ("kicker", 0.04, 5.0), ("subtitle", 0.07, 11.0), ("channel", 1.0, 9.0), ("keywords", 0.85, 7.0), ("lead", 0.05, 18.0),
    ("images", 0.42, 2.0), ("author", 0.3, 3.0), ("reporter", 0.62, 3.0), ("correspondent", 0.28, 3.0), ("editor", 0.85, 6.0), ("recommended", 0.95, 5.0), ("related", 0.5, 2.0), ("rank", 0.98, 4.0),
)  # fmt: skip


# -- the whole


def link_counts(dice: Dice, articles: int, links: int) -> list[int]:
    """How many links each article has: from none to twice as many as others, ``links`` in all."""
    mean = links / articles
    counts = [
        0 if dice.chance(0.05) else int(mean * dice.pick((0.4, 0.7, 0.9, 1, 1, 1.1, 1.3, 1.9)) + dice.random())
        for _ in range(articles)
    ]
    apart = links - sum(counts)
    while apart:
        place = int(dice.random() * articles)
        step = 1 if apart > 0 else -1
        if counts[place] + step >= 0:
            counts[place] += step
            apart -= step
    return counts


def make(
    path: Path,
    articles: int = 100_000,
    links: int = 1_000_000,
    seed: int = 1,
    until: datetime | None = None,
    days: int = 730,
    *,
    sketches: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Write the database; ``path`` must not exist. ``until``: an aware time, by default the hour that has begun."""
    began = time.perf_counter()
    until = (until or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)).astimezone(SHANGHAI)
    dice = Dice(seed)
    sites = papers(dice, until, days)
    planned = moments(dice, sites, articles, until, days)
    counts = link_counts(dice, articles, links)
    connection = connect(path)
    execute = connection.execute
    for pragma in (
        "foreign_keys = OFF",
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -400000",
        "temp_store = MEMORY",
    ):
        execute(f"PRAGMA {pragma}")
    # Built at the end, of sorted rows: a tenth of the time.
    indexes = execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite%'"
    ).fetchall()
    for name, _ in indexes:
        execute(f"DROP INDEX {name}")
    maker = Maker(connection, dice, until)
    execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO sites (name, title, publisher, region, city, home) VALUES (?, ?, ?, ?, ?, ?)",
        [(one.name, one.title, one.publisher, one.region, one.city, one.home) for one in sites],
    )
    execute(
        "INSERT INTO settings (name, value) VALUES ('bench', ?)",
        (f"bench/make_db.py --articles {articles} --links {links} --seed {seed} --until {until.isoformat()}",),
    )
    for number, ((seen, published, paper), count) in enumerate(zip(planned, counts, strict=True), 1):
        maker.article(number, seen, published, paper, count)
        if number % BATCH == 0:
            maker.flush()
            if number % 20_000 == 0:
                say(f"{number} articles, {maker.links} links after {time.perf_counter() - began:.0f} s")
    maker.flush()
    maker.lists(sites)
    connection.executemany(
        "INSERT OR IGNORE INTO article_urls (key, article_id, url, reason, first_seen) VALUES (?, ?, ?, ?, ?)", sorted(maker.urls)
    )
    connection.executemany(
        f"INSERT INTO pages ({PAGE}) VALUES ({', '.join('?' * len(PAGE_NAMES))})",
        [maker.pages[key] for key in sorted(maker.pages)],
    )
    runs = maker.runs(sites, min(RUN_DAYS, days))
    found = 0
    if not sketches:
        found = maker.clusters()
        execute("INSERT INTO article_sketches (article_id) SELECT id FROM articles ORDER BY id")
    say(f"{runs} runs, {found} clusters after {time.perf_counter() - began:.0f} s")
    for _, sql in indexes:
        execute(sql)
    execute("COMMIT")
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        execute(f"PRAGMA {pragma}")
    if sketches:
        for _ in clusters.rebuild(connection):
            pass
    connection.close()
    say(f"{articles} articles, {links} links, {path.stat().st_size / 1e6:.0f} MB after {time.perf_counter() - began:.0f} s")


def moment(value: str) -> datetime:
    """``2026-11-24T18:00`` or a day, China's."""
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--until",
        type=moment,
        metavar="TIME",
        help="when the last article may have been found, China's time [default: the hour that has begun]",
    )
    parser.add_argument("--days", type=int, default=730, help="how many days the articles are spread over [default: 730]")
    parser.add_argument(
        "--sketches",
        action="store_true",
        help="find the reprints as a crawl would: minutes more, and the next crawl finds reprints of these",
    )
    parser.add_argument("--no-index", action="store_true", help="leave full-text search without its index")
    parser.add_argument("--force", action="store_true", help="replace FILE")
    args = parser.parse_args()
    for beside in ("", "-wal", "-shm"):
        path = args.file.with_name(args.file.name + beside)
        if path.exists():
            if not args.force:
                parser.error(f"{path} is there already; --force replaces it")
            path.unlink()
    make(args.file, args.articles, args.links, args.seed, args.until, args.days, sketches=args.sketches, say=print)
    if not args.no_index:
        began = time.perf_counter()
        with closing(connect(args.file)) as connection:
            for _ in search.index(connection):
                pass
        print(f"indexed in {time.perf_counter() - began:.0f} s, {args.file.stat().st_size / 1e6:.0f} MB")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
