"""Kinds of faults that careless staff bring in, on a small book whose source was INVENTED for this test."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explainer import checks
from explainer.checks import personal, quantities
from explainer.checks.command import command
from explainer.project import Project

SOURCE = """《虚构县图书室开放办法》政策解读（为测试而编，不是真的政策）
一、为什么要出台
一是方便读者。推动图书室从只在白天开门向早晚都开门转变、从等人上门向送书上门转变，让乡村读者也有书可读。
二是用好旧书。旧书不扔，新书常换；到2030年，全县共有三个书库。
二、有哪些办法
第一，延长时间，早晚都可以来看书；第二，减少手续，凭一张卡片借书；第三，送书下乡，每个村都有图书角。
为此建立图书室联席会，由联席会统筹开放工作，做好各馆之间的协调。
"""
CONFIG = """title: 试
sphinx:
  config:
    explainer_hosts: [gov.cn]
    explainer_names: [A, GB/T, UTF, Python]
    explainer_counted: [实验室]
    explainer_meeting_without: [more]
    explainer_meeting_front: sitting
    explainer_places:
      更新记录: why
    explainer_publication:
      主办单位: ""
      文号: ""
      发布日期: ""
      联系方式: "0769-2222333"
"""
TABLES = {
    "ways": (
        "编号,序词,名称,内容,引文\n1,第一,延长时间,早晚都可以来看书,第一，延长时间，早晚都可以来看书\n"
        "2,第二,减少手续,凭一张卡片借书,第二，减少手续，凭一张卡片借书\n3,第三,送书下乡,每个村都有图书角,第三，送书下乡，每个村都有图书角\n",
        {"序词": "words", "名称": "words", "内容": "words"}, {"ordered": True, "sequence": ["序词", "名称", "内容"], "rows": 3},
    ),
    "turns": (
        "编号,从,向,引文\n1,只在白天开门,早晚都开门,从只在白天开门向早晚都开门转变\n2,等人上门,送书上门,从等人上门向送书上门转变\n",
        {"从": "words", "向": "words"}, {"ordered": True, "sequence": ["从", "向"]},
    ),
    "reasons": (
        "办法,引文,理由\n1,早晚都可以来看书,原文这样写。\n2,凭一张卡片借书,原文这样写。\n3,每个村都有图书角,原文这样写。\n",
        {"理由": None}, {},
    ),
    "briefs": (
        "编号,要点,办法,名称,归类,依据,引文\n1,延长时间,1,延长时间,早晚,原文,早晚都可以来看书\n2,减少手续,2,减少手续,省事,编者梳理,凭一张卡片借书\n"
        "3,送书下乡,3,送书下乡,下乡,编者梳理,每个村都有图书角\n",
        {"要点": "2.1"}, {"ordered": True},
    ),
    "oddities": ("编号,引文,说明\n1,凭一张卡片借书,通常写作“借书证”。\n", {"说明": None}, {}),
}  # fmt: skip
TOP = "---\ndescription: {}\n---\n\n"
WHY = (
    TOP.format("为什么要有它。")
    + "(why)=\n# 为什么要出台\n\n:::{quote} 1.1\n:::\n\n:::{quote} 1.2\n:::\n\n编者的话写在这里。\n\n(more)=\n## 接着读\n\n看[办法](how.md)。\n"
)
HOW = (
    TOP.format("有哪些办法。")
    + "(how)=\n# 有哪些办法\n\n:::{quote} 2.1\n:::\n\n(sitting)=\n## 谁来管\n\n:::{quote} 2.2\n:::\n\n话。\n"
)
INDEX = TOP.format("首页。") + "(index)=\n# 一本书\n\n开头。\n"
HERE = "编者的话写在这里。\n"
LINE = WHY.split(HERE)[0].count("\n") + 1
W = "book/why.md"


def described(name: str, text: str, sources: dict, more: dict) -> dict:
    fields = []
    for column in text.split("\n")[0].split(","):
        kind = "integer" if column in ("编号", "办法") else "string"
        more_of_it = {
            "编号": {"constraints": {"unique": True}},
            "归类": {"stated": "依据"},
            "依据": {"constraints": {"enum": ["原文", "编者梳理"]}},
        }.get(column, {})
        field = {
            "name": column,
            "alias": {"编号": "number", "引文": "quote"}.get(column, f"c{len(fields)}"),
            "type": kind,
            "description": column,
            **more_of_it,
        }
        if source := "quotation" if column == "引文" else sources.get(column):
            field["source"] = source
        fields.append(field)
    keys = (
        [
            {
                "fields": ["办法"],
                "reference": {"resource": "ways", "fields": ["编号"]},
                "within": "quotation",
            }
        ]
        if name == "reasons"
        else []
    )
    if name == "briefs":
        keys = [
            {
                "fields": ["办法"],
                "reference": {"resource": "ways", "fields": ["编号"]},
                "same": "名称",
            }
        ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": name,
        "description": name,
        "schema": {"fields": fields, "foreignKeys": keys},
        **more,
    }


def registered(root: Path, raw: bytes) -> None:
    folder = root / "data" / "source"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "interpretation.txt").write_bytes(raw)
    (folder / "interpretation.txt.sha256").write_text(hashlib.sha256(raw).hexdigest())


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kinds") / "一 本书"
    registered(root, SOURCE.encode())
    for name, (text, _, _) in TABLES.items():
        (root / "data" / f"{name}.csv").write_text(text, "utf-8")
    package = {"resources": [described(name, *table) for name, table in TABLES.items()]}
    (root / "data" / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False), "utf-8"
    )
    (root / "book" / "images").mkdir(parents=True)
    (root / "book" / "images" / "dot.png").write_bytes(png())
    for name, text in {"why": WHY, "how": HOW, "index": INDEX}.items():
        (root / "book" / f"{name}.md").write_text(text, "utf-8")
    (root / "_config.yml").write_text(CONFIG, "utf-8")
    toc = "format: jb-book\nroot: index\nparts:\n  - caption: 解读\n    chapters:\n      - file: why\n      - file: how\n"
    (root / "_toc.yml").write_text(toc, "utf-8")
    return root


@pytest.fixture
def root(clean: Path) -> Iterator[Path]:
    """The small book; whatever a test does to it is undone."""
    before = {path: path.read_bytes() for path in clean.rglob("*") if path.is_file()}
    yield clean
    for path in clean.rglob("*"):
        if (path.is_file() or path.is_symlink()) and path not in before:
            path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    pieces = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        *chunks,
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*piece) for piece in pieces)


def put(root: Path, *lines: str) -> None:
    """These lines as a new block of a chapter, on line `LINE`."""
    (root / W).write_text(WHY.replace(HERE, "\n".join(lines) + "\n\n" + HERE), "utf-8")


def found(root: Path) -> list[str]:
    return [str(finding) for finding in checks.run(Project(root))]


def test_a_page_that_is_missing_is_said_once(root: Path) -> None:
    """Whoever links to it, leaves it out on paper or has its address is not at fault."""
    text = (root / "_config.yml").read_text("utf-8")
    (root / "_config.yml").write_text(text.replace("[more]", "[more, how]"), "utf-8")
    (root / "book" / "how.md").rename(root / "book" / "how - 副本.md")
    (finding,) = found(root)
    assert finding.startswith("_toc.yml:") and "把 book/how - 副本.md 改名为 how.md" in finding
    (root / "book" / "how - 副本.md").unlink()
    (finding,) = found(root)
    assert finding.startswith("_toc.yml:") and "恢复 book/how.md" in finding


def test_a_page_that_cannot_be_read_is_said_once(root: Path) -> None:
    """Its labels, which the settings name, cannot be seen; what has no end to its head has no text either."""
    page = root / W
    page.write_bytes(WHY.encode("utf-16"))
    (finding,) = found(root)
    assert finding.startswith(W) and "另存为 UTF-8" in finding
    page.write_text(WHY.replace("。\n---\n", "。\nversion: 3\n", 1), "utf-8")
    (finding,) = found(root)
    assert finding.startswith(f"{W}:1: ") and "写“---”" in finding
    page.rename(page.with_suffix(".MD"))
    (finding,) = found(root)
    assert "把 book/why.MD 改名为 why.md" in finding
    page.with_suffix(".MD").rename(page)


@pytest.mark.parametrize(
    ("old", "new"), [("\n2,第二", "\n1,第二"), ("\n2,第二", "\n2021/1/1,第二")]
)
def test_a_wrong_number_is_said_of_its_table_alone(root: Path, old: str, new: str) -> None:
    """Not of those that refer to the row."""
    table = root / "data" / "ways.csv"
    table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    findings = found(root)
    assert len(findings) == 1 and findings[0].startswith("data/ways.csv:3: "), findings


def test_a_draft_that_is_not_listed_is_one_fault(root: Path) -> None:
    (root / "book" / "draft.md").write_text("明天再写\n", "utf-8")
    (finding,) = found(root)
    assert finding.startswith("book/draft.md:1: ") and "删去这个文件" in finding


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            ":::{quote} 1.2\n:::\n\n",
            "",
            "行的引文后面，讲它的标题下面加上引文，写两行：“:::{quote} 1.2”和“:::”",
        ),
        ("{quote} 1.2\n", "{quote} 1.2.1\n", "把这里的 1.2.1 写成 1.2"),
        ("{quote} 1.2\n", "{quote} 1.5\n", "写成“:::{quote} 1.2”"),
    ],
)
def test_what_is_left_out_of_the_source_is_one_fault_with_its_place(
    root: Path, old: str, new: str, words: str
) -> None:
    (root / W).write_text(WHY.replace(old, new), "utf-8")
    (finding,) = found(root)
    assert re.match(rf"{W}:\d+: ", finding) and words in finding


def test_the_small_book_is_good(root: Path) -> None:
    assert found(root) == []


# What is put into a chapter, and a piece of what is said of its first line.
NUMBERS = [
    "读者数量：1200。", "全县GDP 6.5。", "拿出五亿买书。", "近三成的读者来过。", "三分之一的书是旧书。", "藏书量排全省第3。", "满意度提高20分。", "借阅率是：3.2",
    "有100多家图书室。", "覆盖七万群众。", "借书量翻两番。", "省下一千二百万。", "50余个项目。", "综合排名前五。", "每年读12本书。", "十几家企业捐书。", "2030家企业。",
    "要等3天。", "建三个实验室。", "捐书的企业有八家。", "百亿产业。", "近千家企业。", "全县第一名。", "书库面积300平方米。", "一倍多。", "R&D-85。", "图书室8个。", "五个书库，占地两亩。",
    "支持3~5家。", "每年8%-10%。", "由12提高到20。", "逾千人参加。", "二十余万人受益。", "跻身全国百强。", "增速达到八点五。", "列第12位。", "资金十多亿。", "达到 3,500 万元。",
    "⑤个书库。", "半数以上的读者来过。", "借书的首屈一指。", "三个工作日内答复。", "人数翻倍。", "| 年份 | 本数 |\n|---|---|\n| 2028年 | 310 |\n| 2029年 | 460 |",
]  # fmt: skip
PERSONAL = [
    "13812345678", "138 1234 5678", "138-1234-5678", "+86 138-1234-5678", "１３８１２３４５６７８", "一三八一二三四五六七八", "138.1234.5678",
    "11010519491231002X", "110105 19491231 002x", "110105199003070041", "110105199003070180", "110105199003070017", "6222 0212 3456 7894", "zhang_san@qq.com", "li@163.com", "粤R·12345", "粤AD12345", "粤A8B888", "微信 wang_reads77", "QQ：10203040",
]  # fmt: skip
BORROWED = [
    ("原文说：“要建成读书强县。”", "原文里没有“要建成读书强县。”这句话"),
    ("办法提出过，规划要求“人人读书”。", "原文里没有“人人读书”"),
    ("《办法》强调：“旧书不丢，新书常换”。", "原文最接近的一句是 1.2.2.1：“旧书不扔，新书常换；”"),
    ("> 规划要求各馆按月上报。", "引用块里的话原文里没有"),
    ("> 凭一张卡片借书", "写成 {quote}`凭一张卡片借书`"),
    ("由联席会统筹开放工作，做好各馆之间的协调。旧书不扔。为此建立图书室联席会，由联席会统筹开放工作，做好各馆之间的协调。", "是照抄的原文"),
]  # fmt: skip
RAW = [
    ("（xin）=", "写成“(xin)=”"), ("(a b)=", "写成“(a-b)=”"), ("(新标签)=", "写成“(new-part)=”"), ("看［办法］（how.md）。", "写成“[办法](how.md)”"),
    ("这＊＊很重要＊＊。", "写成“**很重要**”"), ("•\t第一条", "写成“- 第一条”"), ("● 第一条", "写成“- 第一条”"), ("\uf0b7 第一条", "Word 的项目符号"),
    ("一\t二", "制表符"), ("~~删去~~留下。", "写成“留下。”"), ("这__很重要__吧。", "写成“**很重要**”"), ("[TOC]", "删去它"), ("公式$a+b$。", "用文字写"),
    ("名词&nbsp;解释。", "HTML 的记号“&nbsp;”"), ("一行末尾\\\n再来一行。", "行末的“\\”"), ("面积是㎡。", "写成“平方米”"), ("此件为征求意见稿。", "给同事看的话"),
    ("@王五 请你看。", "给同事看的话"), ("审校：再核。", "给同事看的话"), (":::{include} how.md\n:::", "直接写在这里"), (":::{epigraph}\n话。\n:::", "{quote}"),
    ("（请王工核实）", "给同事看的话"), ("• 一\n• 二", "写成“- 一”"), ("|甲|乙|\n|一|二|", "没有成为表格"),
    ("详见www.xx.gov.cn。", "写成“[网站的名称](https://www.xx.gov.cn)”"), ("这里｛quote｝`旧书不扔`。", "前后两个反引号都是半角"),
    ("![IMG_2031](images/dot.png)", "没有说画的是什么"), ("![dot.png](images/dot.png)", "没有说画的是什么"), ("![](images/dot.png)", "没有替代文字"),
    ("{octicon}`star`", "没有名为“octicon”的行内标记"), ("![图](images/图.png)", "文件名用英文字母和数字"), (":::{card} 题\n:img-top: images/no.png\n\n话。\n:::", "找不到图片"),
    ("${名称}要填。", "写成代码"), ("★重点", "写成“- 重点”"), ("＊第一条", "写成“- 第一条”"),
    (":::{note}\n\n::::{tip}\n话。\n::::\n\n:::", "写成“:::::{note}”"), ("见[表](../data/ways.csv)。", "book/ 外面"), ("见[网](https://www.gov-cn.com/a)。", "看着像 gov.cn"), ("见https://www.g0v.cn/a。", "看着像 gov.cn"),
    ("见[网](https://example.org/a)。", "explainer_hosts"), ("电话0769-8888999。", "联系方式"), ("{quote}`坚持读书`", "如果是自己的话，就不要写成引文"),
]  # fmt: skip
GOOD = [
    "拨打12345热线。", "2021/3/5印发，2021-03-05，2021年3月5日。", "20世纪90年代就有了。", "一家单位的事，一个项目，一名读者。", "要点（1）先看，（2）再写。", "7×24小时。",
    "三句话、两张图、四个字、四段正文。", "见1.1和1.2.1；2.1.1.2是半句。", "文号是虚府办〔2022〕15号。", "GB/T 9704-2012，UTF-8，A4，Python 3.11；5G、4K、3D。",
    "千方百计、成千上万、百花齐放、万一、千万不要、万众一心、百家争鸣、千家万户、一成不变。", "百分之百按原文；研发（R&D）、GDP都是缩写。", "两个一百年。",
    "三个书库是原文说的，到2030年。", "第3章、图1、表2，上午9:30开会，第十条。", "三人行必有我师，这三家企业。", "1. 看\n2. 想", "《纲要（2019-2035年）》。", "电话0769-2222333。",
    "原文说：“旧书不扔，新书常换。”原文没有说“人人读书”。", "规划不是“一阵风”。", "> 这是读者常问的一句。", "来信寄kjj@example.gov.cn。", "**很重要**，a_b，a * b，~。",
    "(xin-jie)=\n## 又一节\n\n话。", "见[网](https://www.xx.gov.cn/a)。", "内部的动力，征求意见是第一步。", "𬇙、𬭸都是规范字。", "![一个点](images/dot.png)", "从白天开门，向早晚开门变。",
    ":::{card} 题\n:img-top: images/dot.png\n:img-alt: 一个点\n\n话。\n:::", "打个比方：两条腿走路。", "|甲|乙|\n|---|---|\n|一|二|", "对着灯一看就明白。",
    "图1-2、表3-1。", "二三线城市。", "看1.2.1，或看2.1。", "一亩三分地。", "12345政务服务便民热线。", "{only-html}`点一下`{only-meeting}`见书末`。", "三个书库名叫甲、乙、丙。",
    "由谁牵头、设在哪个局，原文没有写。", "看[虚构县人民政府](https://www.xx.gov.cn/)的网站。", "布局、格局、结局。", "地区长期发展。", "没有写在东边还是西边。", "图的左边、右边，从南到北的读者。",
    "[www.xx.gov.cn](https://www.xx.gov.cn)。", "《虚构县图书室开放办法》和《江口市读书条例》。", "写明年份，最近日期，过去年代。", "《甲办法》2019年2月印发，是另一份文件。", "2028年到2030年，是编者举的例子。", "本站2026年11月发布。", "原文没有写到2035年。",
    "原文没有说已经建成，也没有说成效显著。", "不一定会用到。", "前面已经说完了。", "我们不说“完全符合标准”。", "持续提升服务。", "好的，先看办法。", "没有领导说过什么。",
    "有三项：延长时间、减少手续、送书下乡。", "分三步：看，想，做。", "两项办法与读者有关。", "一个人也没有：老人、孩子、读者。", "香港和内地的读者。", "说的是“旧书”和“新书”。", "写成 `git` 就行。",
    "看[第二章](how.md)、[为什么要出台](why.md)、[第一章](#why)。", "看(how.md)。", "①先看；②再想。", "上半年和下半年各一次。", "三项办法与人才有关。", "微信86版起。",
    "看[网](https://www.gov.cn/?x=1&y=2)、[括号](https://www.gov.cn/a(1).htm)、[题](how.md \"题\")、[中文](https://www.gov.cn/甲)。",
]  # fmt: skip
# Who, where, when, what came of it, what will be given; what was pasted along; what is counted, spelt or marked almost right.
UNSAID = [
    ("办公室设在县文化广电局。", "原文没有写“县文化广电局”"), ("由博文图书集团承办。", "原文没有写“由博文图书集团承办”"), ("由副县长担任召集人。", "原文没有写“"), ("到省教育厅备案。", "原文没有写“省教育厅”"),
    ("书库坐落在河边。", "位置"), ("图书室在镇子的西边。", "“西边”"), ("中心点在北纬30度。", "“北纬30度”"), ("地址是文华路18号。", "“地址是文华路18号”"), ("距离车站5公里。", "位置"),
    ("近日印发。", "“近日”过后说不清"), ("今年就能借书。", "“今年”"), ("到2035年再建。", "原文没有写“到2035年”"), ("这份解读2030年3月1日公布。", "“发布日期”"), ("规划是二〇二九年六月出台的。", "“二〇二九年六月”这个日期"),
    ("开放以来成效显著。", "“成效显著”"), ("书库已经全部建成。", "已经全部建成”"), ("读者一定会满意。", "“一定会”"), ("读者都能领到购书补贴。", "购书补贴”"), ("这样做深受读者欢迎。", "“深受读者欢迎”"), ("不仅省事，而且效果十分显著。", "“效果十分显著”"),
    ("县长说早晚都可以来。", "原文没有这个人的话"), ("据悉书库要扩建。", "原文没有这个人的话"), ("有关负责人介绍，办法会改。", "原文没有这个人的话"),
    ("[表](file:///C:/a.docx)。", "“file:”"), ("[点](javascript:alert(1))。", "“javascript:”"), ("[下](data:text/plain;base64,AA)。", "“data:”"),
    ("图书大会要求早开门。", "原文没有这个人的话"), ("总书记指出要多读书。", "原文没有这个人的话"), ("书库在虚构县东北部。", "“在虚构县东北部”"), ("书库紧邻车站。", "位置"), ("书库沿大河两岸分布。", "位置"), ("书库设在新河镇。", "位置"), ("半小时车程就到。", "位置"),
    ("《虚构县图书室开门办法》写得明白。", "写成“《虚构县图书室开放办法》”"), ("看《虚构县图书室开放条例》。", "与原文里的文件名不同"),
    ("近两年来读者多了。", "“近两年来”"), ("月底前办完。", "“月底前”"), ("据《虚构日报》报道，已经开门。", "原文没有这个人的话"), ("坐车一小时可达。", "位置"), ("【此处请老师确认】", "给同事看的话"),
    ("近期又开了一处。", "“近期”"), ("近年来读者多了。", "“近年来”"), ("2027年底检查一次。", "“2027年底”"), ("县里读书走在前列。", "“走在前列”"), ("早开门，成果丰硕。", "“成果丰硕”"), ("江口职业学院也来帮忙。", "“江口职业学院”"), ("读者超过百万。", "“超过百万”这个数"), ("新书2000余套。", "这个数"), ("原文没有没有说。", "打重了"), ("来自中国、香港的读者。", "并列不妥"),
    ("点击下方蓝字看更多。", "别处带来的话"), ("以下是为您整理的内容。", "别处带来的话"), ("版权所有，翻印必究。", "别处带来的话"), ("代办借书卡。", "别处带来的话"),
    ("办法有四项：延长时间、减少手续、送书下乡。", "后面列了三个"), ("一句话：办法有四项：延长时间、减少手续、送书下乡。", "后面列了三个"),
    ("**早开门。* 都来看书。", "没有生效"), ("*早开门。** 都来看书。", "没有生效"), ("早*开门。", "没有生效"), ("底本有七段正文。", "底本的正文是四"), ("香港和国内的读者都能借。", "内地"),
    ("编者把它记作“减少手序”。", "写成“减少手续”"), ("就是“旧书不仍”。", "写成“旧书不扔”"), ("`凭一张卡片借书`就行。", "写成 {quote}`凭一张卡片借书`"), ("大家⼀起读书。", "写成“大家一起读书。”"),
    ("看[办法(how.md)。", "写成“[办法](how.md)”"), ("看[办法](how.md，再说。", "写成“[办法](how.md)”"), ("看[第一章](how.md)。", "写成 [第一章](why.md)"), ("看[有哪些办法](why.md)。", "写成 [有哪些办法](how.md)"),
    ("先看,再说,就懂了.", "写成“先看，再说，就懂了。”"), ("這是規定。", "写成“这是规定。”"), ("好😀，好😂。", "😀"), ("：：：{quote} 1.1\n：：：", "结尾的一行也写“:::”"),
    ("编者的话写在这里，说给第一次来的读者听。\n\n编者的话写在这里，说给第一次来的读者听。", ""),
]  # fmt: skip
CASES = (
    [(text, "原文没有“") for text in NUMBERS]
    + [(f"找他{text}问。", "个人信息保护法") for text in PERSONAL]
    + BORROWED
    + RAW
    + UNSAID
)


@pytest.mark.parametrize(("text", "words"), CASES)
def test_a_fault_in_a_chapter_is_found_once(root: Path, text: str, words: str) -> None:
    put(root, text)
    if "（xin）=" in text or "(a b)=" in text or "新标签" in text:
        put(root, text, "## 又一节", "", "话。")
    (finding,) = found(root)
    line = (
        LINE + 2 if "\n" in text and not text.startswith((":::", "：")) else LINE
    )  # what is wrong with these is below their first line
    line = LINE if text.startswith(("一行末尾", "•", "|甲|乙|\n|一")) else line
    assert re.match(rf"{W}:{line}: ", finding) and words in finding and "改法：" in finding
    assert not re.search("[A-Za-z]+ [a-z]+ [a-z]+", re.sub("“[^”]*”", "", finding)), (
        "English in a finding"
    )


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_not_found_fault_with(root: Path, text: str) -> None:
    put(root, text)
    assert found(root) == []


@pytest.mark.parametrize("text", [text for text, _ in CASES] + GOOD)
def test_fix_never_changes_a_word(root: Path, text: str) -> None:
    """What is left when punctuation and blanks are taken away, whatever the width and the form of the characters, stays."""
    put(root, text)
    before = words_of(root)
    command(Project(root), mend=True)
    assert words_of(root) == before


def words_of(root: Path) -> str:
    import unicodedata

    from opencc import OpenCC

    text = OpenCC("t2s").convert(unicodedata.normalize("NFKC", (root / W).read_text("utf-8")))
    return "".join(character for character in text if character.isalnum() or character == "&")


def test_fix_leaves_names_of_html(root: Path) -> None:
    put(root, "名词&nbsp;解释&lt;甲&gt;,话。")
    command(Project(root), mend=True)
    assert "名词&nbsp;解释&lt;甲&gt;，话。" in (root / W).read_text("utf-8")


def swapped(*columns: int) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        a, b = columns
        rows[1][a], rows[1][b] = rows[1][b], rows[1][a]

    return change


def sorted_alone(column: int) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        for row, cell in zip(rows[1:], [row[column] for row in reversed(rows[1:])]):
            row[column] = cell

    return change


def in_order(*order: int) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[1:] = [rows[n] for n in order]

    return change


def cell(row: int, column: int, text: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[row][column] = text

    return change


def cells(*changes: tuple[int, int, str]) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        for row, column, text in changes:
            rows[row][column] = text

    return change


# table, what is done to its rows, the line, a piece of what is said
TABLE_FAULTS = [
    ("turns", swapped(1, 2), 2, "“从”写“只在白天开门”"),
    ("ways", swapped(2, 3), 2, "“名称”和“内容”两格对调了"),
    ("ways", sorted_alone(2), 2, "“名称”这一列与别的列错开了"),
    ("ways", sorted_alone(4), 2, "“引文”这一列与别的列错开了"),
    ("ways", sorted_alone(0), 3, "编号 2 排在编号 3 后面"),
    ("ways", in_order(2, 1, 3), 3, "编号 1 排在编号 2 后面"),
    ("reasons", sorted_alone(0), 2, "“办法”这一列与引文错开了"),
    ("reasons", cell(1, 0, "2"), 2, "“办法”写 1"),
    ("briefs", cells((1, 1, "减少手续"), (2, 1, "延长时间")), 2, "“要点”写“延长时间”"),
    ("briefs", cells((2, 2, "3"), (3, 2, "2")), 3, "第 3 行的“办法”写 2；第 4 行的“办法”写 3"),
    ("briefs", cell(2, 5, "原文"), 3, "“依据”写“编者梳理”"),
    ("briefs", cell(2, 5, "大家"), 3, "只能写“原文”或“编者梳理”"),
    ("ways", lambda rows: rows.insert(2, rows[1]), 3, "与第 2 行一模一样"),
    ("ways", lambda rows: rows.pop(2), 3, "恢复编号 2 的那一行"),
    ("ways", lambda rows: rows[2].pop(1), 3, "这一行只有 4 格"),
    (
        "turns",
        lambda rows: rows.__setitem__(1, ["，".join(rows[1])]),
        2,
        "写成“1,只在白天开门,早晚都开门,从只在白天开门向早晚都开门转变”",
    ),
    (
        "turns",
        lambda rows: rows.__setitem__(0, ["编号", "起", "止", "引文"]),
        1,
        "“起”应为“从”；表头里的“止”应为“向”",
    ),
    (
        "ways",
        cells((3, 3, "每个村都有图书室"), (3, 4, "第三，送书下乡，每个村都有图书室")),
        4,
        "“内容”里的同一处也照着改",
    ),
    (
        "turns",
        cell(2, 3, "从送书上门向等人上门转变"),
        3,
        "原文最接近的是“从等人上门向送书上门转变”（次序不同）",
    ),
    ("reasons", cell(1, 2, "Dec-21"), 2, "Excel 自己改的"),
    ("reasons", cell(1, 2, "3月5日"), 2, "Excel 自己改的"),
    ("reasons", cell(1, 2, "-4"), 2, "Excel 自己改的"),
    ("reasons", cell(1, 2, "有三百家企业。"), 2, "原文没有“三百家企业”"),
    ("reasons", cell(1, 2, "找13812345678。"), 2, "手机号"),
]


@pytest.mark.parametrize(("table", "change", "line", "words"), TABLE_FAULTS)
def test_a_fault_in_a_table_is_found_once(
    root: Path, table: str, change: Callable, line: int, words: str
) -> None:
    path = root / "data" / f"{table}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    change(rows)
    path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    (finding,) = found(root)
    assert (
        finding.startswith(f"data/{table}.csv:{line}: ")
        and words in finding
        and "改法：" in finding
    )


def test_the_order_of_the_source_holds_in_a_table(root: Path) -> None:
    path = root / "data" / "ways.csv"
    head, first, second, third = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, f"1{second[1:]}", f"2{first[1:]}", third]) + "\n", "utf-8")
    assert any(
        "data/ways.csv:3: 编号 2 的引文，原文里在编号 1 的前面" in finding
        for finding in found(root)
    )


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04xl/workbook.xml\xff\xfe", ".xlsx"), (b"PK\x03\x04Index/Document.iwa\xff", ".numbers"), (b"\xd0\xcf\x11\xe0\xff", ".xls"),
        (b"<html><table>", ".html"), (b"%PDF-1.7\xff", "PDF 文件"), (b"sep=,\n" + TABLES["turns"][0].encode(), "Excel 用的记号"),
        (TABLES["turns"][0].replace(",", "|").encode(), "竖线"),
    ],
)  # fmt: skip
def test_another_kind_of_file_under_a_tables_name(root: Path, raw: bytes, words: str) -> None:
    (root / "data" / "turns.csv").write_bytes(raw)
    (finding,) = found(root)
    assert finding.startswith("data/turns.csv") and words in finding


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'%s>%s</svg>"
EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0"
# a file, its content, what is said of it
FILE_FAULTS = [
    ("book/images/a.svg", SVG % (b"", b"<script>1</script>"), "脚本"), ("book/images/a.svg", SVG % (b" onload='a()'", b""), "脚本"),
    ("book/images/a.svg", SVG % (b"", b"<image href='https://a.cn/b.png'/>"), "外部网址"),
    ("book/images/a.heic", b"\0\0\0\x18ftypheic", "HEIC"), ("book/images/a.bmp", b"BM0000", "BMP"), ("book/images/a.png", b"BM0000", "BMP"),
    ("book/images/a.jpg", b"hello", "不是图片"), ("book/images/a.png", b"", "空的"), ("book/images/a.jpg", png(), "改名为 a.png"),
    ("book/images/a.png", png() + b"\0" * 8_000_000, "没有用到"), ("book/images/a.png", png((b"tEXt", b"Author\x0013812345678")), "手机号"),
    ("book/images/a.png", png((b"zTXt", b"Comment\0\0" + zlib.compress(b"13812345678"))), "手机号"), ("book/images/a.png", png((b"eXIf", EXIF[6:])), "地点"),
    ("book/images/a.jpg", b"\xff\xd8\xff\xe1" + struct.pack(">H", len(EXIF) + 2) + EXIF + b"\xff\xd9", "地点"),
    ("book/a.MD", b"x", "改名为 a.md"), ("book/a.ipynb", b"{}", "不能写成 .ipynb"),
    ("book/how - 副本.md", HOW.encode(), "how.md 的副本"), ("book/how2.md", HOW.replace("话。", "又一句话。").encode(), "how.md 的副本"),
    ("requirements.txt", b"pandas==3.0.0\n", "手改的"), ("requirements.txt", b"<<<<<<< HEAD\n", "重新锁定"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "raw", "words"), FILE_FAULTS)
def test_a_file_that_does_not_belong_is_found_once(
    root: Path, file: str, raw: bytes, words: str
) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_bytes(raw)
    (finding,) = found(root)
    assert finding.startswith(file) and words in finding and "改法：" in finding


def test_a_picture_with_a_chinese_name_is_renamed(root: Path) -> None:
    (root / "book" / "images" / "点.png").write_bytes(png())
    put(root, "![一个点](images/点.png)")
    (finding,) = found(root)
    assert finding.startswith(f"{W}:{LINE}: ") and "改名为英文字母和数字" in finding


def test_an_editors_own_files_are_let_be(root: Path) -> None:
    (root / "book" / ".#why.md").symlink_to("somebody@machine.1234")
    (root / "book" / "#why.md#").write_text("x", "utf-8")
    assert found(root) == []


# the settings: what is replaced, by what, what is said
SETTINGS = [
    ("_config.yml", '文号: ""', "文号: 待定", "会印在封面上"), ("_config.yml", '主办单位: ""', "主办方: 某局", "写成“主办单位”"),
    ("_config.yml", '主办单位: ""', '主办单位: ""\n      承办单位: 某局', "删去这一行"),
    ("_config.yml", '发布日期: ""', '发布日期: "2021年13月40日"', "没有这一天"), ("_config.yml", '发布日期: ""', "发布日期: 2021年春", "没有这一天"),
    ("_config.yml", "    explainer_hosts", "    explainer_redirects: {old.html: how}\n    explainer_hosts", "写成“old: how”"),
    ("_config.yml", "hosts: [gov.cn]", "hosts: ['https://gov.cn/']", "写成“gov.cn”"), ("_config.yml", "hosts: [gov.cn]", "hosts: [gov.cn/kj]", "写成“gov.cn”"),
    ("_config.yml", "    explainer_hosts", "    explainer_report: kj@example\n    explainer_hosts", "读者点不开"), ("_config.yml", '文号: ""', "文号: 虚府[2021]5号", "〔2021〕5号"),
    ("_config.yml", "    explainer_hosts", "    explainer_redirects: {old: nowhere}\n    explainer_hosts", "“nowhere”不存在"),
    ("_config.yml", "    explainer_hosts", "    explainer_redirects: {old: howw}\n    explainer_hosts", "写成“how”"),
    ("_config.yml", "    explainer_hosts", "    explainer_redirects: {why: how}\n    explainer_hosts", "不能转到别处"),
    ("_config.yml", '主办单位: ""', "主办单位: “某局”", '写成 主办单位: "某局"'), ("_config.yml", "[more]", "[mores]", "没有这一页或这一节"),
    ("_config.yml", "front: sitting", "front: siting", "写成“sitting”"), ("_config.yml", "录: why", "录: whys", "“更新记录”链接到的“whys”"),
    ("_config.yml", "更新记录", "更新日志", "写成“更新记录”"),
    ("_config.yml", "title: 试", "title: [试]", "应是文字"), ("_config.yml", "title: 试", "title: 试: 试", "冒号"),
    ("_toc.yml", "- file: how\n", "- file: how\n        title: 别的\n", "“title”不起作用"), ("_toc.yml", "  - caption: 解读\n", "  - caption: 解读\n    numbered: true\n", "“numbered”不起作用"),
    ("_config.yml", "0769-2222333", "13812345678", "手机号"),
    ("_config.yml", "explainer_hosts:", "explainer_hsots:", "写成“explainer_hosts”"), ("_config.yml", "title: 试", "titel: 试", "写成“title”"),
    ("_config.yml", "    explainer_hosts", "    explainer_edition: 定稿2\n    explainer_hosts", "由 release 命令填写"), ("_config.yml", '主办单位: ""', "主办单位: 县图书馆（暂定）", "会印在封面上"),
    ("_config.yml", "title: 试", "title: 试\nauthor: 编者（有8600种书）", "“8600”这个数"), ("_toc.yml", "- file: how", "- file: hwo", "写成“how”"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "words"), SETTINGS)
def test_a_fault_in_the_settings_is_found_once(
    root: Path, file: str, old: str, new: str, words: str
) -> None:
    path = root / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (finding,) = found(root)
    assert (
        finding.startswith(f"{file}:")
        and words in finding
        and not re.search("[a-z]+ [a-z]+ [a-z]+", finding)
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "book/how.md",
            ":::{quote} 2.1\n:::\n\n(sitting)=\n## 谁来管\n\n:::{quote} 2.2\n",
            ":::{quote} 2.2\n:::\n\n(sitting)=\n## 谁来管\n\n:::{quote} 2.1\n",
            "原文 2.1 排在 2.2 后面",
        ),
        ("book/why.md", "{quote} 1.2\n", "{quote} 1.2 2.2\n", ""),
    ],
)
def test_a_paragraph_stays_where_it_is_explained(
    root: Path, file: str, old: str, new: str, words: str
) -> None:
    (root / file).write_text((root / file).read_text("utf-8").replace(old, new), "utf-8")
    findings = found(root)
    assert len(findings) == bool(words) and all(words in finding for finding in findings)


def test_a_paragraph_that_is_moved_to_another_chapter_is_missed_in_its_own(root: Path) -> None:
    (root / "book/how.md").write_text(HOW.replace("\n:::{quote} 2.2\n:::\n", ""), "utf-8")
    put(root, ":::{quote} 2.2", ":::")
    (finding,) = found(root)
    assert f"{W}:{LINE}: 原文 2.2 不在讲它的那一章里" in finding and "放回 book/how.md" in finding


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_corrected_source_in_another_encoding_is_refused_in_a_sentence(
    root: Path, encoding: str
) -> None:
    registered(root, SOURCE.encode(encoding))
    (finding,) = found(root)
    assert "原文存成了" in finding and "UTF-8" in finding


def test_a_note_on_an_oddity_that_is_gone_is_found(root: Path) -> None:
    registered(root, SOURCE.replace("一张卡片", "一张借书证").encode())
    (finding,) = [finding for finding in found(root) if "oddities" in finding]
    assert "data/oddities.csv:2: " in finding and "删去这一行" in finding


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("五亿", 5e8), ("三亿五千万", 3.5e8), ("1.2亿", 1.2e8), ("3百万", 3e6), ("１２", 12), ("1,200", 1200), ("三百五", 350), ("三百零五", 305), ("二〇二五", 2025), ("五点六", 5.6),
     ("一万五", 15000), ("百亿", 1e10), ("两千", 2000), ("几十", None), ("2.3.1", None)],
)  # fmt: skip
def test_a_numeral_is_worth_the_same_in_any_spelling(numeral: str, value: float | None) -> None:
    result = quantities.value(numeral)
    assert result is None if value is None else float(result) == value


def test_what_is_nobodys_is_not_taken_for_somebodys() -> None:
    for text in (
        "https://a.gov.cn/t13812345678.html",
        "0769-2222333",
        "110105194912310021",
        "6222021234567890",
        "2021-2025",
        "kjj@example.gov.cn",
        "粤港澳大湾区2025",
    ):
        assert personal.find(text) == []
