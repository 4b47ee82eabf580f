"""How well reprints are found, and what that costs.

    python bench/dedupe.py [--texts 20000] [--stored 100000] [--pairs 600] [--seed 7]

Texts are generated: invented people, places and figures in sentences built from a stock of words, in the lengths that regional
papers print (100 to 2,000 characters). Where labelled real pages lie beside the repository (``../shared/corpus``) their bodies, as
newscrawl reads them, are changed in the same ways.

The first table: of pairs made by each kind of change, how many are found alike, and how many stand in one cluster, by way of the
database with all other texts in it. The second: of each kind of pair that only looks alike, how many are kept apart; and the precision
that follows for as many true pairs as false ones. The third: CPU of each part of storing an article, with ``--texts`` and with
``--stored`` texts in the database, commits and checkpoints included; bytes on disk; peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

# This folder would hide the package "incremental", which Twisted imports.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

# -- words

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建国志文辉力永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘"
PLACE = "临青安云石松龙凤金银河清泉东西南北平永宁福德昌兴隆长丰乐新泰和顺康宝双高大白黑红柳杨桃梅竹沙桥湖湾渡镇岭岗坪塘沟庄屯泊"
AREAS = "市 县 区 镇 乡 村 街道 社区 开发区 新区".split()
OFFICES = "教育局 公安局 民政局 水务局 农业农村局 交通运输局 卫健委 住建局 城管局 气象局 应急管理局 文旅局 商务局 财政局 税务局 市场监管局 生态环境局 自然资源局 总工会 妇联 团委 残联 科协 红十字会 供电公司 自来水公司 公交集团 图书馆 博物馆 文化馆 人民医院 中医院 第一中学 实验小学 职业学院 消防救援大队 交警大队 法院 检察院 档案馆 体育中心".split()
NOUNS = "苹果 樱桃 海参 扇贝 小麦 玉米 大棚 果园 渔船 码头 港口 冷库 加工厂 生产线 车间 设备 零件 芯片 电缆 光伏板 风机 充电桩 路灯 井盖 管网 泵站 水库 河道 堤坝 湿地 公园 绿道 步道 广场 停车场 公交站 候车亭 斑马线 红绿灯 校车 食堂 宿舍 操场 实验室 图书角 课桌 教材 课程 作业 社团 展览 画展 剧目 乐团 合唱 书法 剪纸 面塑 锣鼓 秧歌 庙会 集市 夜市 摊位 商铺 快递 包裹 外卖 物流园 仓库 货车 轮渡 航班 列车 站台 车票 行李 游客 民宿 景区 古镇 老街 祠堂 古树 老井 石桥 碑刻 档案 照片 日记 家谱 手艺 酱油 豆腐 馒头 粽子 月饼 茶叶 蜂蜜 药材 疫苗 病床 门诊 挂号 医保 药店 护士站 义诊 献血车 急救箱 健身器材 球场 赛道 自行车 帆船 风筝 象棋 广场舞 楼道 电梯 屋顶 外墙 门禁 物业费 车位 垃圾桶 宠物 菜篮 价格 补贴 贷款 发票 合同 账单 热线 窗口 表格 执照 印章 网站 小程序 摄像头 无人机 数据 地图 名册 养老院 幼儿园 托管班 志愿队 读书会 合作社 农技站 供销社 救助站 调解室 警务室 消防栓 灭火器 燃气灶 电动车 头盔 驾照 罚单 围栏 标志牌 工地 塔吊 脚手架 混凝土 砖瓦 木料 油漆 图纸 模型 样品 专利 奖状 锦旗 证书 奖学金 助学金 工资 岗位 招聘会 培训班 夜校 车床 焊枪 电表 水表 暖气 锅炉 煤炭 秸秆 化肥 种子 树苗 羊群 奶牛 鸡舍 鱼塘 网箱 海带 紫菜 盐田 灯塔 礁石 沙滩 海浪 台风 暴雨 冰雹 大雾 霜冻 干旱 虫害".split()
VERBS = "修建 改造 更换 检查 清理 疏通 加固 拆除 安装 调试 采购 登记 发放 领取 验收 测量 记录 整理 展出 排练 讲解 采摘 晾晒 包装 装车 运往 销往 培育 试种 嫁接 浇灌 收割 烘干 捕捞 投放 巡查 劝导 疏散 转移 救助 护送 寻找 归还 捐赠 募集 资助 辅导 培训 评比 选拔 招募 聘请 走访 慰问 调解 处理 查封 扣押 追回 退还 公示 征求 讨论 修订 印发 推广 试用 升级 维修 保养 搬迁 扩建 绿化 美化 亮化 共享 租赁 预约 核验 抽查 统计 测算 评估 论证 研究 设计 绘制 拍摄 制作 播放 收集 翻译 出版 陈列 修复 保护 传承 演示 体验 比拼 夺得 错过 延长 缩短 提前 推迟 增加 减少 取消 恢复 开通 停用 合并 拆分 移交 接管".split()
ADJECTIVES = "老旧 崭新 宽敞 整洁 闲置 破损 积水 堵塞 废弃 智能 节能 便民 免费 临时 固定 流动 专用 公共 露天 地下 沿街 临海 靠山 偏远 集中 分散 成熟 优质 新鲜 本地 外地 进口 手工 传统 现代 简易 大型 小型 首批 最后 剩余 多余 急需 紧缺 热门 冷门 高价 低价 残疾 年迈 年轻 退休 返乡 留守 困难 独居".split()
ADVERBS = "陆续 逐步 连夜 提前 按时 主动 集中 分批 反复 仔细 当场 随后 同时 首次 再次 专门 统一 分别 共同 免费 公开 悄悄 及时 全部 基本 大多 主要 继续 重新 尽快 直接 现场 挨家 轮流 自发 合力 坚持 计划 准备 打算".split()
PEOPLE = "居民 村民 果农 渔民 养殖户 商户 店主 司机 乘客 学生 家长 教师 校长 医生 护士 患者 老人 志愿者 工人 技术员 工程师 队员 民警 消防员 网格员 社区书记 村主任 负责人 工作人员 经理 厨师 导游 画家 木匠 退伍军人 大学生 外来务工人员 环卫工 快递员".split()
REASONS = "由于 因为 为了 随着 考虑到 按照 根据 针对 围绕 结合".split()
UNITS = "亩 公里 米 吨 台 套 户 人 万元 家 间 盏 辆 棵 次 天 件 个 平方米 公斤".split()
TAILS = "效果不错 大家都说好 还要再看一阵 眼下正在收尾 预计下月完工 比往年早了半个月 得到了回应 没有再出现同样的问题 不少人专程赶来 排队的人少了 心里踏实多了 省下一大笔开支 成了新去处 下一步还要扩大 并不容易 走了不少弯路 至今没有定论 有待进一步观察 让人想起从前 谁也没有料到 已经列入明年的安排 需要更多人手 反响比预想的好 仍有人提出疑问 意见并不一致 结果会另行公布".split()


@cache
def zipf(count: int) -> list[float]:
    """Weights by rank: some words are met again and again."""
    return [1 / (rank + 8) for rank in range(count)]


class Writer:
    """Writes invented news: each event has people, places, things and figures of its own, which its sentences come back to."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.place = "".join(draw.sample(PLACE, 2)) + draw.choice(AREAS)
        self.town = "".join(draw.sample(PLACE, 2)) + draw.choice(AREAS[3:])
        self.office = draw.choice(OFFICES)
        self.people = [self.person() for _ in range(4)]
        self.things = [self._any(NOUNS) for _ in range(9)]
        self.acts = [self._any(VERBS) for _ in range(9)]
        self.numbers = [f"{self._number()}{draw.choice(UNITS)}" for _ in range(7)]
        self.month, self.day, self.year = draw.randint(1, 12), draw.randint(1, 28), draw.randint(2014, 2018)
        self.quote = self.sentence()[:-1]

    def person(self) -> str:
        return self.draw.choice(SURNAMES) + "".join(self.draw.choices(GIVEN, k=self.draw.choice((1, 2, 2))))

    def _any(self, words: Sequence[str]) -> str:
        return self.draw.choices(words, zipf(len(words)))[0] if self.draw.random() < 0.3 else self.draw.choice(words)

    def _number(self) -> str:
        draw = self.draw
        return draw.choice(
            (str(draw.randint(2, 99)), str(draw.randint(100, 9800)), f"{draw.randint(1, 60)}.{draw.randint(1, 9)}")
        )

    def _thing(self) -> str:
        noun = self.draw.choice(self.things) if self.draw.random() < 0.6 else self._any(NOUNS)
        return (self._any(ADJECTIVES) + self.draw.choice(("的", ""))) * (self.draw.random() < 0.4) + noun

    def _act(self) -> str:
        verb = self.draw.choice(self.acts) if self.draw.random() < 0.5 else self._any(VERBS)
        return self._any(ADVERBS) * (self.draw.random() < 0.5) + verb

    def _who(self) -> str:
        draw = self.draw
        return draw.choice(
            (
                draw.choice(self.people), f"{self.place}{self.office}", f"{self._any(PEOPLE)}{draw.choice(self.people)}", f"{self.town}的{self._any(PEOPLE)}",
                self._any(PEOPLE) + "们", f"{draw.choice(self.people)}和{self._any(PEOPLE)}", "这里", "当地", "记者", f"{self.office}{self._any(PEOPLE)}",
            )
        )  # fmt: skip

    def clause(self) -> str:
        draw = self.draw
        who, act, thing, other = self._who(), self._act(), self._thing(), self._thing()
        number = draw.choice(self.numbers) if draw.random() < 0.6 else f"{self._number()}{draw.choice(UNITS)}"
        return draw.choice(
            (
                f"{who}{act}了{thing}", f"{who}把{thing}{act}到{self.town}", f"{thing}旁边是{number}{other}", f"{draw.choice(REASONS)}{thing}和{other}，{who}{act}{self._thing()}",
                f"从{thing}到{other}，{who}一共{act}{number}", f"{other}{act}以后，{thing}增加到{number}", f"{who}在{thing}前{act}", f"今年{act}的{thing}有{number}",
                f"{thing}要{act}，{other}也要{self._act()}", f"{who}说，{thing}{draw.choice(TAILS)}", f"比起{other}，{thing}更让{self._any(PEOPLE)}放心",
                f"{who}{act}{thing}用了{number}", f"每{draw.choice(UNITS)}{thing}可以{act}{number}{other}", f"没有{thing}，{other}就不能{act}",
            )
        )  # fmt: skip

    def sentence(self) -> str:
        draw = self.draw
        parts = [self.clause() for _ in range(draw.choice((1, 2, 2, 3)))]
        if draw.random() < 0.2:
            return f"“{'，'.join(parts)}。”{draw.choice(self.people)}{draw.choice(('告诉记者', '说', '介绍', '回忆', '笑着说', '表示'))}。"
        return "，".join(parts) + draw.choice(("。", "。", "。", f"，{draw.choice(TAILS)}。"))

    def lead(self) -> str:
        return f"{self.month}月{self.day}日，{self._who()}在{self.place}{self._act()}{self._thing()}，{self.clause()}。"

    def story(self, size: int) -> str:
        """About ``size`` characters in paragraphs."""
        lines, held = [], self.lead()
        total = 0
        while total + len(held) < size:
            held += self.sentence()
            if len(held) > self.draw.choice((60, 100, 150, 200)):
                lines.append(held)
                total += len(held)
                held = ""
        if held:
            lines.append(held)
        return "\n".join(lines)

    def title(self) -> str:
        return f"{self.place}{self._act()}{self._thing()} {self.draw.choice(self.things)}{self.draw.choice(TAILS)}"

    def told_again(self, size: int) -> str:
        """The same event in other words: its people, places, things, figures and one quotation come back."""
        lines = self.story(size).split("\n")
        place = self.draw.randrange(len(lines))
        lines[place] += f"{self.quote}。"
        return "\n".join(lines)


def length(draw: random.Random) -> int:
    """Characters of an article: the middle one has 600, one in six less than 200."""
    return int(min(2400, max(90, draw.lognormvariate(6.3, 0.85))))


# -- changes that leave a text a reprint


def source_line(text: str, draw: random.Random) -> str:
    name = "".join(draw.sample(PLACE, 2)) + draw.choice(("日报", "晚报", "新闻网", "发布"))
    person = draw.choice(SURNAMES) + draw.choice(GIVEN)
    first, _, rest = text.partition("\n")
    first = (
        draw.choice(
            (
                f"本报讯（记者 {person}）",
                f"{name}{draw.randint(1, 12)}月{draw.randint(1, 28)}日讯（通讯员 {person}）",
                f"{name}讯 ",
                "",
            )
        )
        + first
    )
    tail = draw.choice(
        (
            f"\n来源：{name}",
            f"\n（来源：{name} 编辑：{person}）",
            f"\n责任编辑：{person}",
            f"\n原标题：{text[:18]}\n来源：{name}",
            f"（记者 {person}）",
        )
    )
    return first + "\n" * bool(rest) + rest + tail


def dropped_paragraph(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    if len(lines) > 1:
        del lines[draw.randrange(len(lines))]
        return "\n".join(lines)
    sentences = text.split("。")
    del sentences[draw.randrange(max(1, len(sentences) - 1))]
    return "。".join(sentences)


def added_lead(text: str, draw: random.Random) -> str:
    return f"{Writer(draw).sentence()}{Writer(draw).sentence()}\n{text}"


def edited(share: float) -> Callable[[str, random.Random], str]:
    """So many of the characters changed, each at a place of its own: three in five replaced, the others struck or put in."""

    def change(text: str, draw: random.Random) -> str:
        out = list(text)
        for place in draw.sample(range(len(out)), max(1, round(len(out) * share))):
            if out[place] == "\n":
                continue
            new = draw.choice(POOL)
            out[place] = draw.choice((new, new, new, "", out[place] + new))
        return "".join(out)

    return change


POOL = "".join(NOUNS + VERBS + ADJECTIVES + ADVERBS + PEOPLE + UNITS) + "的的的了了在是和有不人这中上为，。，。0123456789"


def first_half(text: str, _draw: random.Random) -> str:
    return text[: len(text) // 2]


def two_changes(text: str, draw: random.Random) -> str:
    return source_line(edited(0.02)(dropped_paragraph(added_lead(text, draw), draw), draw), draw)


CHANGES: dict[str, tuple[Callable[[str, random.Random], str], float]] = {
    "source line changed": (source_line, 0.97),
    "paragraph dropped": (dropped_paragraph, 0.97),
    "lead added": (added_lead, 0.97),
    "2 % of characters edited": (edited(0.02), 0.97),
    "5 % of characters edited": (edited(0.05), 0.97),
    "10 % of characters edited": (edited(0.10), 0.97),
    "cut to the first half": (first_half, 0.90),
    "lead, drop, 2 % and source": (two_changes, 0.0),
}
"""Each kind of change, and the share that must be found."""

# -- pairs that only look alike


def same_event(draw: random.Random) -> tuple[str, str]:
    writer = Writer(draw)
    size = length(draw)
    return writer.told_again(size), writer.told_again(int(size * draw.uniform(0.7, 1.4)))


SKY = "晴 多云 阴 小雨 中雨 雷阵雨 多云转晴 晴转多云 阴转小雨 阵雨转多云".split()
WIND = "北风 南风 东北风 东南风 西北风 西南风 东风 西风".split()


def weather(draw: random.Random) -> tuple[str, str]:
    city = "".join(draw.sample(PLACE, 2)) + "市"
    month, day = draw.randint(1, 12), draw.randint(1, 27)
    long = draw.random() < 0.5
    near = draw.randint(2, 28)

    def of(day: int) -> str:
        low = near + draw.randint(-3, 3)
        text = (
            f"{city}气象台{month}月{day}日{draw.choice(('06', '16'))}时发布天气预报：预计今天白天到夜间，{city}{draw.choice(SKY)}，{draw.choice(WIND)}{draw.randint(2, 4)}到{draw.randint(5, 7)}级，"
            f"最低气温{low}℃，最高气温{low + draw.randint(4, 9)}℃。明天{draw.choice(SKY)}，{draw.choice(WIND)}{draw.randint(2, 4)}级，气温{low - 1}℃到{low + draw.randint(4, 9)}℃。"
        )
        if long:
            text += (
                f"\n海区天气：{city}近海{draw.choice(SKY)}，{draw.choice(WIND)}{draw.randint(4, 6)}到{draw.randint(7, 8)}级，阵风{draw.randint(7, 9)}级，海浪高{draw.randint(1, 3)}.{draw.randint(0, 9)}米。"
                f"\n生活指数：穿衣指数{draw.randint(1, 8)}级，{draw.choice(('天气较凉，老年人请注意添加衣物', '天气炎热，建议穿着短衫短裤', '温度舒适，适合户外活动'))}。紫外线强度{draw.choice(('弱', '中等', '强'))}，空气质量指数{draw.randint(30, 160)}，"
                f"{draw.choice(('适宜洗车', '不宜洗车'))}，{draw.choice(('适宜晨练', '不宜晨练'))}。市民如需了解更多信息，可以拨打气象服务热线12121，或者关注{city}气象微信公众号，气象台将继续为您提供最新的天气服务。"
            )
        return text

    return of(day), of(day + 1)


def league(draw: random.Random) -> tuple[str, str]:
    turn, month, day = draw.randint(1, 30), draw.randint(3, 11), draw.randint(1, 28)

    def of() -> str:
        home, away = ("".join(draw.sample(PLACE, 2)) + draw.choice(("海牛", "泰山", "飞虎", "蓝鲸", "铁人")) for _ in range(2))
        writer = Writer(draw)
        goals = "".join(
            f"第{minute}分钟，{draw.choice((home, away))}{writer.person()}接到{writer.person()}的传球，在禁区{draw.choice(('左侧', '右侧', '外', '中央'))}{draw.choice(('推射', '头球', '远射', '垫射'))}破门，比分变成{draw.randint(0, 3)}比{draw.randint(0, 3)}。"
            for minute in sorted(draw.sample(range(2, 90), draw.randint(2, 4)))
        )
        return (
            f"{month}月{day}日晚，全国足球甲级联赛第{turn}轮继续进行，{home}队坐镇主场迎战来访的{away}队。最终经过90分钟的较量，{home}队以{draw.randint(0, 4)}比{draw.randint(0, 4)}{draw.choice(('战胜', '不敌', '战平'))}{away}队。\n"
            f"上半场双方都很谨慎，都没有创造出太多有威胁的机会。{goals}\n"
            f"本轮过后，{home}队积{draw.randint(5, 60)}分，排名第{draw.randint(1, 16)}位；{away}队积{draw.randint(5, 60)}分，排名第{draw.randint(1, 16)}位。下一轮，{home}队将在客场挑战{''.join(draw.sample(PLACE, 2))}队，比赛将于下周六晚19时35分开球。"
        )

    return of(), of()


def lottery(draw: random.Random) -> tuple[str, str]:
    turn, month, day = draw.randint(2017001, 2017150), draw.randint(1, 12), draw.randint(1, 26)

    def of(step: int) -> str:
        red = " ".join(f"{n:02}" for n in sorted(draw.sample(range(1, 34), 6)))
        return (
            f"{month}月{day + step}日晚，中国福利彩票双色球游戏进行第{turn + step}期开奖，当期双色球红球号码为{red}，蓝球号码为{draw.randint(1, 16):02}。\n"
            f"当期双色球头奖{draw.randint(1, 15)}注，单注奖金为{draw.randint(500, 1000)}万元，落落{''.join(draw.sample(PLACE, 2))}、{''.join(draw.sample(PLACE, 2))}等地。二等奖开出{draw.randint(50, 250)}注，单注金额{draw.randint(8, 40)}万多元。\n"
            f"当期末等奖开出{draw.randint(500, 1200)}万多注。当期红球号码大小比为{draw.randint(1, 5)}:{draw.randint(1, 5)}，三区比为{draw.randint(1, 3)}:{draw.randint(1, 3)}:{draw.randint(1, 3)}；奇偶比为{draw.randint(1, 5)}:{draw.randint(1, 5)}。"
            f"本期双色球全国销售量为{draw.randint(300000000, 400000000)}元，奖池金额为{draw.randint(400000000, 900000000)}元。彩票有风险，购买需谨慎，未成年人不得购买彩票及兑奖。"
        )

    return of(0), of(draw.choice((1, 2)))


def obituary(draw: random.Random) -> tuple[str, str]:
    city = "".join(draw.sample(PLACE, 2))
    office = draw.choice(OFFICES)
    year = draw.randint(2015, 2018)

    def of() -> str:
        name, born = Writer(draw).person(), draw.randint(1920, 1945)
        month, day = draw.randint(1, 12), draw.randint(1, 28)
        joined = born + draw.randint(17, 25)
        return (
            f"{city}市{office}离休干部{name}同志，因病医治无效，于{year}年{month}月{day}日{draw.randint(0, 23)}时{draw.randint(1, 59)}分在{city}逝世，享年{year - born}岁。\n"
            f"{name}同志，{draw.choice(('山东', '河北', '江苏', '河南'))}{''.join(draw.sample(PLACE, 2))}人，{born}年{draw.randint(1, 12)}月出生，{joined}年{draw.randint(1, 12)}月参加工作，{joined + draw.randint(1, 9)}年{draw.randint(1, 12)}月加入中国共产党，{born + 60}年{draw.randint(1, 12)}月离休。\n"
            f"遵照{name}同志遗愿和家属意见，丧事从简，不举行遗体告别仪式，不收受花圈和礼金。特此讣告。\n{city}市{office}治丧小组"
        )

    return of(), of()


def yearly(draw: random.Random) -> tuple[str, str]:
    city, year = "".join(draw.sample(PLACE, 2)) + "市", draw.randint(2013, 2017)
    office, phone = draw.choice(OFFICES), f"0631-5{draw.randint(100000, 999999)}"
    what = draw.choice(("中小学生作文大赛", "职工技能比武", "春季招聘会", "广场舞大赛", "青年书画展", "农民运动会"))
    counted = draw.randint(3, 20)

    def of(step: int) -> str:
        month = draw.randint(3, 5)
        return (
            f"为丰富群众文化生活，{city}{office}决定举办{year + step}年{city}第{counted + step}届{what}，现将有关事项通知如下：\n"
            f"一、活动时间：{year + step}年{month}月{draw.randint(1, 28)}日至{month + 1}月{draw.randint(1, 28)}日。\n二、报名条件：凡在{city}居住、工作、学习的人员均可报名，每人限报一项，不收取任何费用。\n"
            f"三、报名办法：请于{month - 1}月{draw.randint(1, 28)}日前将报名表送到{city}{office}办公室，逾期不再受理。\n四、奖项设置：一等奖{draw.randint(1, 5)}名，二等奖{draw.randint(5, 10)}名，三等奖{draw.randint(10, 30)}名，颁发证书和奖品。\n"
            f"联系电话：{phone}。未尽事宜由{office}负责解释，参加活动的人员请注意交通安全，服从现场工作人员安排。\n{city}{office}"
        )

    return of(0), of(1)


def outage(draw: random.Random) -> tuple[str, str]:
    city = "".join(draw.sample(PLACE, 2)) + "市"

    def of() -> str:
        road = "".join(draw.sample(PLACE, 2))
        return (
            f"因{road}路供水管道改造施工，{city}自来水公司定于{draw.randint(1, 12)}月{draw.randint(1, 28)}日{draw.randint(0, 11)}时至{draw.randint(12, 23)}时对{road}路沿线停水。"
            f"受影响的小区有{'、'.join(''.join(draw.sample(PLACE, 2)) + '小区' for _ in range(draw.randint(2, 5)))}。请以上用户提前储水，关好水龙头，由此带来的不便敬请谅解。服务热线5224{draw.randint(100, 999)}。"
        )

    return of(), of()


def prices(draw: random.Random) -> tuple[str, str]:
    city, month, day = "".join(draw.sample(PLACE, 2)) + "市", draw.randint(1, 12), draw.randint(1, 20)
    goods = draw.sample("白菜 土豆 萝卜 黄瓜 西红柿 茄子 芹菜 青椒 豆角 大葱 菠菜 蒜薹".split(), 6)

    def of(step: int) -> str:
        lines = "，".join(
            f"{one}每公斤{draw.randint(1, 9)}.{draw.randint(0, 9)}元，{draw.choice(('上涨', '下降'))}{draw.randint(1, 20)}.{draw.randint(0, 9)}%"
            for one in goods
        )
        return f"据{city}商务局监测，{month}月{day + step}日，全市主要农贸市场蔬菜价格总体{draw.choice(('平稳', '略有上涨', '小幅回落'))}。其中{lines}。商务局提醒市民，蔬菜供应充足，不必集中购买。"

    return of(0), of(7)


def appointment(draw: random.Random) -> tuple[str, str]:
    city = "".join(draw.sample(PLACE, 2)) + "市"

    def of() -> str:
        writer = Writer(draw)
        who = [(writer.person(), draw.choice(OFFICES)) for _ in range(draw.randint(2, 4))]
        until = draw.randint(1, 20)
        return (
            f"根据《党政领导干部选拔任用工作条例》的有关规定，经{city}委研究，现将拟任用干部情况公示如下：\n"
            + "\n".join(
                f"{name}，{draw.choice('男女')}，汉族，{draw.randint(1962, 1985)}年{draw.randint(1, 12)}月出生，大学学历，中共党员，现任{city}{office}副局长，拟任{city}{draw.choice(OFFICES)}局长。"
                for name, office in who
            )
            + f"\n公示时间为{draw.randint(1, 12)}月{until}日至{until + 6}日。如对公示对象有不同意见，请在公示期内向{city}委组织部反映，联系电话12380。反映问题要实事求是，要签署真实姓名。"
        )

    return of(), of()


LOOKALIKES: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "one event, two papers": same_event,
    "weather of two days": weather,
    "two results of one league": league,
    "two draws of a lottery": lottery,
    "two obituaries": obituary,
    "a notice of two years": yearly,
    "two outages of water": outage,
    "market prices of two weeks": prices,
    "two lists of appointments": appointment,
}


# -- texts


NOTICES = 0.03
"""The share of articles that are weather, prices, a draw or the like."""


def generated(count: int, seed: int, notices: float = NOTICES) -> Iterator[tuple[str, str]]:
    """Titles and bodies of so many articles of different events, some of them notices in the same words as others."""
    draw = random.Random(seed)
    makers = [make for name, make in LOOKALIKES.items() if name != "one event, two papers"]
    for number in range(count):
        writer = Writer(draw)
        yield (
            f"{writer.title()}（{number}）",
            draw.choice(makers)(draw)[0] if draw.random() < notices else writer.story(length(draw)),
        )


def real() -> list[str]:
    """The bodies of the labelled real pages, as newscrawl reads them."""
    if not (CORPUS / "articles" / "gold.jsonl").exists():
        return []
    found = []
    for index in (CORPUS / "articles" / "gold.jsonl", CORPUS / "gbk" / "index.jsonl"):
        command = [sys.executable, "-m", "newscrawl", "extract", index, "--no-site-rules"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
        found += [body for line in done.stdout.splitlines() if (body := json.loads(line)["body_text"])]
    # A page that is in both folders is one text.
    return list({body[:200]: body for body in found if len(body) >= 100}.values())


# -- the database


class Shelf:
    """A newscrawl database that takes articles as the store would, with nothing but what reprints need of them."""

    def __init__(self, path: Path) -> None:
        from newscrawl.store.writer import connect

        self.path = path
        self.connection = connect(path)
        with self.transaction():
            self.connection.execute(
                "INSERT OR IGNORE INTO sites (name, title, publisher) VALUES ('bench', '临海在线', '临海日报')"
            )
        (self.last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()

    def transaction(self):  # type: ignore[no-untyped-def]
        from newscrawl.store.writer import transaction

        return transaction(self.connection)

    def add(self, articles: Sequence[tuple[str, str]]) -> list[int]:
        """Articles (title, body), not yet looked at."""
        rows = []
        for title, body in articles:
            self.last += 1
            rows.append((self.last, f"http://www.example.cn/{self.last}.html", title, body, len(body)))
        with self.transaction():
            self.connection.executemany(
                "INSERT INTO articles (id, url, site, title, body_text, body_html, characters, content_hash, state_hash, first_seen, last_changed, flags, "
                "provenance) VALUES (?, ?, 'bench', ?, ?, '', ?, '', '', '2026-11-24T02:00:00+00:00', '2026-11-24T02:00:00+00:00', '[]', '{}')",
                rows,
            )
        return [row[0] for row in rows]

    def place(self, numbers: Sequence[int], bodies: Sequence[str]) -> None:
        """Look at articles that were added, in batches as the store's."""
        from newscrawl.store import clusters

        for start in range(0, len(numbers), 100):
            with self.transaction():
                for number, body in zip(numbers[start : start + 100], bodies[start : start + 100], strict=True):
                    clusters.place(self.connection, number, body)
                clusters.settle(self.connection)

    def text_of(self, number: int) -> int | None:
        """The number of an article's text."""
        row = self.connection.execute("SELECT sketch_id FROM article_sketches WHERE article_id = ?", (number,)).fetchone()
        return row[0] if row else None

    def alike(self, one: int, other: int) -> bool:
        """Whether two articles were found to be reprints of each other."""
        here, there = self.text_of(one), self.text_of(other)
        if here is None or there is None:
            return False
        found = self.connection.execute("SELECT 1 FROM alike WHERE sketch_id = ? AND other_id = ?", (here, there)).fetchone()
        return here == there or found is not None

    def together(self, one: int, other: int) -> bool:
        """Whether two articles are in one cluster."""
        from newscrawl.store import clusters

        cluster = clusters.cluster_of(self.connection, one)
        return cluster is not None and cluster == clusters.cluster_of(self.connection, other)


def in_process(path: Path) -> dict[str, float]:
    """CPU seconds and peak memory of a process that looks at all articles of a database and nothing else."""
    done = subprocess.run([sys.executable, __file__, "--rebuild", path], check=True, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peak_memory() -> float:
    """Megabytes of this process at most; getrusage would count what its parent held when it was made."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def rebuild(path: Path) -> None:
    """What `in_process` runs."""
    from newscrawl.store import clusters

    shelf = Shelf(path)
    clusters.sketches.sketch("预热" * 40)
    before = peak_memory()
    started = time.process_time()
    count = sum(clusters.rebuild(shelf.connection))
    print(
        json.dumps(
            {
                "articles": count, "seconds": time.process_time() - started, "before": before,
                "peak": peak_memory(),
            }
        )
    )  # fmt: skip


# -- tables


def row(*cells: str) -> None:
    widths = (34, 13, 12, 12, 14)
    print(
        "  ".join(
            cell.ljust(width) if not n else cell.rjust(width) for n, (cell, width) in enumerate(zip(cells, widths, strict=False))
        )
    )


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def recall(shelf: Shelf, texts: Sequence[str], seed: int) -> tuple[int, int]:
    """Print the first table for some texts, each of which is stored already or not; pairs found and pairs made."""
    draw = random.Random(seed)
    found = made = 0
    for name, (change, least) in CHANGES.items():
        pairs = [(f"原文{name}", text, change(text, draw)) for text in texts]
        numbers = shelf.add([(title + str(n), body) for title, *bodies in pairs for n, body in enumerate(bodies)])
        shelf.place(numbers, [body for _, *bodies in pairs for body in bodies])
        couples = list(zip(numbers[::2], numbers[1::2], strict=True))
        alike = [shelf.alike(*couple) for couple in couples]
        together = sum(shelf.together(*couple) for couple in couples)
        short = [is_alike for is_alike, text in zip(alike, texts, strict=True) if len(text) < 250]
        row(
            name,
            percent(sum(alike), len(alike)),
            percent(sum(short), len(short)),
            percent(together, len(couples)),
            f"{100 * least:.0f} %" if least else "no aim",
        )
        if least:
            found, made = found + sum(alike), made + len(alike)
        with shelf.transaction():
            # The next kind of change meets none of this one's texts.
            shelf.connection.executemany("DELETE FROM articles WHERE id = ?", [(number,) for number in numbers])
            from newscrawl.store import clusters

            clusters.settle(shelf.connection)
    return found, made


def lookalikes(shelf: Shelf, pairs: int, seed: int) -> tuple[int, int]:
    """Print the second table; pairs taken for reprints and pairs made."""
    draw = random.Random(seed)
    wrong = made = 0
    for name, make in LOOKALIKES.items():
        couples = [make(draw) for _ in range(pairs)]
        numbers = shelf.add([(f"{name}{n}", body) for n, couple in enumerate(couples) for body in couple])
        shelf.place(numbers, [body for couple in couples for body in couple])
        alike = sum(shelf.alike(*couple) for couple in zip(numbers[::2], numbers[1::2], strict=True))
        row(name, percent(len(couples) - alike, len(couples)), str(alike))
        wrong, made = wrong + alike, made + len(couples)
    return wrong, made


def sizes(shelf: Shelf) -> Counter[int]:
    """How many clusters there are of each size."""
    return Counter(size for (size,) in shelf.connection.execute("SELECT count(*) FROM cluster_members GROUP BY cluster_id"))


def costs(folder: Path, stored: int, seed: int) -> None:
    """Print the third table for so many stored texts."""
    from newscrawl import sketch

    shelf = Shelf(folder / f"{stored}.db")
    started = time.monotonic()
    held: list[tuple[str, str]] = []
    for article in generated(stored, seed + 1):
        held.append(article)
        if len(held) == 1000:
            shelf.add(held)
            held = []
    shelf.add(held)
    shelf.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    without = os.path.getsize(shelf.path)
    made_in = time.monotonic() - started
    whole = in_process(shelf.path)
    shelf.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk = (os.path.getsize(shelf.path) - without) / stored
    fresh = list(generated(3000, seed + 2, notices=0))
    bodies = [body for _, body in fresh]
    # Parts that read only, each for itself.
    started = time.process_time()
    made = [sketch.sketch(body) for body in bodies]
    sketching = (time.process_time() - started) / len(bodies)
    marks = ", ".join("?" * sketch.KEYS)
    keys = [one.keys for one in made if one and len(one.keys) == sketch.KEYS]
    started = time.process_time()
    for some in keys:
        shelf.connection.execute(
            f"SELECT sketch_id FROM bands WHERE key IN ({marks}) UNION ALL SELECT sketch_id FROM bands_new WHERE key IN ({marks})",
            some * 2,
        ).fetchall()
    asking = (time.process_time() - started) / len(keys)
    whole_story = stored_in(shelf, fresh)
    notice = stored_in(shelf, list(generated(500, seed + 3, notices=1)))
    # The same again as reprints: each is looked up, compared with its original and clustered.
    draw = random.Random(seed)
    reprint = stored_in(shelf, [(title, source_line(edited(0.02)(body, draw), draw)) for title, body in fresh[:1000]])
    print(
        f"\n{stored} texts stored, {NOTICES:.0%} of them notices ({sum(map(len, bodies)) / len(bodies):.0f} characters on average; generated in {made_in:.0f} s)"
    )
    print("CPU of an article, ms, commits and checkpoints included")
    row("sketch", f"{1000 * sketching:.3f}")
    row("query", f"{1000 * asking:.3f}")
    row("insert, commit, checkpoint", f"{1000 * (whole_story - sketching - asking):.3f}")
    row("together, an article of its own", f"{1000 * whole_story:.3f}")
    row("together, a notice", f"{1000 * notice:.3f}", "", "", "")
    row("mean of such a mixture", f"{1000 * (whole_story * (1 - NOTICES) + notice * NOTICES):.3f}", "", "", "aim 0.250")
    row("a reprint: compared and clustered", f"{1000 * reprint:.3f}")
    row("all, by reprints --rebuild", f"{1000 * whole['seconds'] / whole['articles']:.3f}")
    print(f"memory of that rebuild: {whole['before']:.0f} MB before the first article, {whole['peak']:.0f} MB at most")
    print(f"disk: {disk:.0f} bytes an article, {disk / 1000:.2f} GB a million (aim: 1.00)")
    shelf.connection.close()


def stored_in(shelf: Shelf, articles: Sequence[tuple[str, str]]) -> float:
    """CPU seconds for each of some articles to be looked at."""
    numbers = shelf.add(articles)
    shelf.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    started = time.process_time()
    shelf.place(numbers, [body for _, body in articles])
    shelf.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (time.process_time() - started) / len(articles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument(
        "--stored", type=int, default=0, help="measure the costs with so many texts stored as well (100000: some minutes)"
    )
    parser.add_argument("--pairs", type=int, default=600, help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rebuild", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rebuild:
        rebuild(options.rebuild)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = Shelf(folder / "pairs.db")
        started = time.monotonic()
        articles = list(generated(options.texts, options.seed))
        numbers = shelf.add(articles)
        shelf.place(numbers, [body for _, body in articles])
        print(
            f"{len(articles)} generated articles stored ({time.monotonic() - started:.0f} s); clusters among them by size: {dict(sizes(shelf)) or 'none'}"
        )
        draw = random.Random(options.seed + 3)
        texts = [Writer(draw).story(length(draw)) for _ in range(options.pairs)]
        print(f"\ngenerated texts, {options.pairs} pairs of each kind")
        row("change", "found", "of short", "in a cluster", "aim")
        found, made = recall(shelf, texts, options.seed + 4)
        bodies = real()
        if bodies:
            print(f"\n{len(bodies)} real texts, each changed five times in each way")
            row("change", "found", "of short", "in a cluster", "aim")
            recall(shelf, [body for body in bodies for _ in range(5)], options.seed + 5)
            from newscrawl.sketch import Text, compare

            ready = [Text(body) for body in bodies]
            likes = [(one, other) for n, one in enumerate(ready) for other in ready[:n] if compare(one, other).alike]
            print(f"of the {len(bodies) * (len(bodies) - 1) // 2} pairs of different real texts, alike: {len(likes)}")
        else:
            print("\nno real texts: no labelled pages beside the project (../shared/corpus)")
        print(f"\nlookalikes, {options.pairs} pairs of each kind")
        row("pair", "kept apart", "taken for one")
        wrong, pairs = lookalikes(shelf, options.pairs, options.seed + 6)
        true = found / made
        false = wrong / pairs
        print(f"precision {true / (true + false):.4f}, where as many pairs are reprints as are lookalikes")
        print(f"clusters by size, with all lookalikes in: {dict(sorted(sizes(shelf).items())) or 'none'}")
        shelf.connection.close()
        for stored in (options.texts, options.stored):
            if stored:
                costs(folder, stored, options.seed)


if __name__ == "__main__":
    main()
