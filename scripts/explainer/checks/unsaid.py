"""What no editor can know from the source: who, where, when, what came of it, what will be given; and what came along with a paste."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..errors import EditorError
from ..text import SourceText
from .book import CHANGELOG, Book
from .chapters import Chapter
from .prose import HAN, HIDDEN, Prose, is_denied, is_quoted
from .quantities import NUMERAL, value
from .rule import Flaw, Rules

RULES = Rules("原文没有的事", blocks=False)

_STOP = re.compile(r"[。！？；\n]")

# --- who
_BODY = re.compile(
    rf"(?:[{HAN}]{{2,6}}?[省市区县镇乡]|(?:(?<![{HAN}])|(?<=[由在向到和与报请经及从归给以被]))[省市区县])(?:(?![的有在是向从])[{HAN}、]){{0,14}}?"
    r"(?:(?<![布格全开大当结时书])局(?![面部势])|厅(?![堂])|委员会|管委会|人民政府|政府办(?:公室)?|办公室|研究院|大学|学院|公司|集团|协会|商会|银行|法院|检察院|[省市区县镇]委(?![员托派]))"
    r"|(?:科技|工信|财政|发改|发展改革|教育|商务|农业农村|人社|税务|统计|市场监管|公安|住建|交通|卫健|国资|自然资源|生态环境)(?:部(?![分门署])|委(?![员托派])|厅|局)(?!的?《)"
    rf"|[{HAN}]{{2,8}}?(?:(?:职业技术?|职业|理工)学院|(?:理工|师范|工业|医科|农业)大学|有限公司|股份公司)|(?<![{HAN}])[{HAN}]{{2,4}}?(?<![家些个的类种等各本该此分子总母])公司(?=[将已]|入驻|落户|投资|承建|参与)"
)
_DOER = re.compile(
    rf"(?<![理自缘来])由(?![哪谁什此于不])(?P<who>[{HAN}]{{2,14}}?)(?:运营|承建|承办|主办|协办|牵头|主管|投资建设|出资|挂帅|组织实施|亲自)"
)
_POST = re.compile(
    r"(?:[正副]?[省市区县镇乡](?:长(?![期远久大足江短处相])|委书记)|(?<![总图])书记(?![录载])|局长|厅长|处长|科长|主任|副?组长|秘书长|董事长|总经理|院长|校长)"
    rf"(?=[^。！？；，\n]{{0,8}}(?:担任|兼任|牵头|带队|挂帅|分管|负责))|(?:担任|兼任)[^。！？；，\n]{{0,6}}?(?:组长|主任|领导|职务)|由[{HAN}]{{0,10}}?(?:[省市区县镇]长|书记|局长|主任)"
)

# --- whose words nobody has: officials, experts, the press, "it is said".
_SOMEBODY = re.compile(
    r"(?:[省市区县镇乡]长(?![期远久大足江短处相])|(?<!图)书记(?![录载])|局长|厅长|处长|院长|校长|主任|会议(?!版)|大会(?!堂)|会上|领导(?!小组|机制|班子|下|体制)|负责人|负责同志|发言人|(?:知情|业内|相关|有关|权威)人士|有关部门|有关方面|官方|专家|学者|记者|媒体|企业家|企业代表|群众|市民|居民|村民|老百姓|网友)"
    r"[^。；，：“\n]{0,10}?(?:表示|指出|强调|介绍|透露|认为|告诉|谈到|称赞|点赞|回应|评价|坦言|看好|呼吁|建议|(?<!的)要求|说(?![明法到的不])|称(?![为作呼号])|讲(?![解的]))"
    r"|据[^。！？；，“”\n]{1,14}?报道|据(?:悉|了解|介绍|报道|透露|不完全统计|统计|测算|估算|知情)|有消息[说称]|网上?(?:传|流传)|坊间"
)

# --- where
_POINT = "[东南西北](?:[东南西北])?"
_WHERE = re.compile(
    rf"(?:北纬|东经|经度|纬度|海拔)[^。！？；，、\n]{{0,10}}|坐落[于在]?|地处|位于(?![{HAN}]{{0,8}}(?:头部|前列|水平|顶|左|右|上|下|里|页))"
    rf"|(?<![东南西北]){_POINT}[边侧](?![缘])|(?:在|是|朝|靠|往|以){_POINT}[面部]?(?=[，。；、）]|$)|(?:相距|相隔|距离?)[^。！？；，\n]{{0,10}}(?:公里|里路|千米|车程)"
    # 在…东北部, 在北部; what lies beside it, along a river, or how far it is to go
    rf"|(?:在|是|处于|(?<=[市区县])的?)(?:[{HAN}]{{2,8}}?[省市区县镇])?的?(?:中)?{_POINT}部(?!地区|大开发|战区)|紧邻(?![的着，。”])|[与和][{HAN}]{{2,8}}(?:接壤|交界)|[江河湖](?:的)?(?:两岸|沿岸)"
    rf"|(?:设|建|落户|选址|分布)[在于](?=[{HAN}]{{2,8}}(?:镇|村|街道|社区|大道|路))|(?:小时|分钟)(?:的?车程|(?:内|就能|即可?|可以?|便)*(?:直?到达?|直达|可达|抵达)|(?:生活|经济|交通)圈)|(?:邻近|靠近|临近|挨着|旁边是)[{HAN}]{{0,8}}?(?:机场|高速|车站|高铁站|国道|码头)"
    rf"|[{HAN}]{{2,5}}(?:路|大道|街|巷)[0-9０-９一二三四五六七八九十百零]+号"
)

# --- when
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})"
_DATE = re.compile(
    rf"{_YEAR}\s*(?:年\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*月(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*[日号])?|[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?(?!\d))"
)
_MADE_KNOWN = re.compile("公布|发布|印发|出台|颁布|签发|通过|施行|实施|成立|挂牌|启动|公开")
_OF_THE_POLICY = re.compile("解读|规划|原文|小组|文件|日期|时间")
_OWN = re.compile("本站|本书|这本书|网站|这一版|版本|更新记录")
_SPAN = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?\s*(?:[-—–~～至到]+)\s*((?:19|20)\d\d)(?!\d)")
_PART_OF_A_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?:底|末|初|年初|年底|前|[上下]半年)")
_UNTIL = re.compile(r"到\s*((?:19|20)\d\d)\s*年(?!\s*\d)")
_PASSING = re.compile(
    rf"(?<!如)今年(?!轻)|(?<![过失])去年|(?<![说写注标表声证指查讲阐申])明年|(?<![基版书根])本月|上个月|下个月|(?<![年度和与、])[上下]半年(?![和与、])|(?<!\d)(?:年底|年末|月底|月末|季度末)之?以?前|(?<!最)近日(?!期)|(?<![远最])近期(?!目标)|近年来?|近[几些两二三五十]年来?|(?<![生今当节昨明])最近(?=[，。]|[一几两]|[{HAN}]*了)|(?<![0-9生今当节昨明一二三四五六七八九十工即到结])日前|(?<!明)前不久|昨[天日]|上周|下周|本周(?!期)|不久的?将来"
)

# --- what came of it, what will be given
_CLAIMS = re.compile(
    r"成[效果绩](?:十分|非常|极为|很|更加)?(?:显著|明显|突出|斐然|喜人|丰硕)|走在[^。！？；，“”\n]{0,6}(?:最前列|前列)|(?:效果|变化)(?:十分|非常|很)?(?:显著|喜人)|(?:取得|收到|获得)了?[^。！？；，“”\n]{0,8}(?:成效|成绩|成就|进展|突破|好评|肯定|称赞|实效)"
    r"|(?:先后|陆续)[^。！？；，“”\n]{0,4}(?:引进|建成|培育|落户|吸引)|涌现|累计(?!数)|(?:显著|明显|大幅度?)(?:提升|提高|改善|增强|加快|增长)(?!的)|硕果累累|蓬勃发展|再上新?台阶|突飞猛进|典范|有望|预计"
    r"|圆满(?:完成|收官|成功|结束)|超额完成|提前完成|如期完成|(?:全面|全部|基本|顺利)(?:完成|实现|建成|落实|达成)|(?:普遍|一致|广泛|高度)(?:称赞|好评|满意|欢迎|认可|赞誉|肯定|评价)|深受[^。！？；，\n]{0,6}(?:欢迎|好评)"
    r"|(?:遥遥|全国|全省|全市|国内|世界|国际)领先|(?:国内|世界|国际|全国|全省)一流|首创|标杆|样板"
    r"|(?:已经?|早已|均已|都已)(?!知|有|公布)(?:[^。！？；，“”\n讲说读看写解释列查]{0,16}?)(?:完成|实现|建成|达到|达成|成立|落成|投产|开工|动工|开业|运行|出台|印发|落实|到位|见效|跻身|做好|办好|协调好|建好|好了|成了|完了)"
    r"|(?<!不)一定(?:会|能|要?实现)|必将|必定|势必|定能|定会|肯定[会能]|绝对[会能]|指日可待"
    r"|(?:可以?|都?能|均可|有权|将|还)[^。！？；，“”\n]{0,6}?(?:领|申领|申请|申报|享受|获得|拿到?|得到|免费)[^。！？；，“”\n]{0,10}?(?:补贴|补助|奖励|奖金|资助|优惠|减免|扶持|奖补|红包)"
    r"|(?:我们|本站|编者|政府|有关部门)[^。！？；，“”\n]{0,12}?(?:保证|承诺|答应)|(?:完全|全面|全部)(?:符合|满足|达到)[^。！？；，“”\n]{0,10}?(?:标准|要求|规定|规范)|(?:人人|家家|户户)[^。！？；，“”\n]{0,6}(?:受益|得益|获益|有份)"
)

# --- what came along
_PASTED = re.compile(
    r"点击(?:上方|下方|蓝字|左下角)|(?:上方|下方)蓝字|关注(?:我们|本号|公众号|订阅号)|长按(?:识别|图片|二维码)|扫码?(?:关注|加群|进群|领取|添加)|微信公众号(?![^。]{0,4}里)|点个?(?:赞|在看)|一键三连|转发(?:到)?朋友圈|(?:责任编辑|责编|编辑|审核|监制|来源|作者|图文|记者|供稿)\s*[|｜丨/]|声明：本文|转载自|更多精彩|往期回顾"
    r"|(?:以下|这)是(?:为[您你]|我为|根据[您你])|为[您你](?:润色|整理|生成|撰写|优化|改写|总结)|润色后的|作为(?:一[个名款])?(?:AI|人工智能|语言模型|智能助手)|希望(?:以上|这些?|对[您你])[^。]{0,12}(?:帮助|帮到)|如(?:果)?[您你]?(?:还?有|需)(?:任何|其他|进一步)[^。]{0,10}(?:告诉|随时|联系|调整|修改)|^(?:好的|当然(?:可以)?|没问题)[，！,!](?=以下|下面|这是|我|已|为|根据|按)"
    r"|代(?:办|写|理记账|账)[^。；，]{0,10}|请(?:找|联系|致电|咨询|认准)[^。；，]{0,12}|欢迎(?:来电|咨询|选购|光临|加盟|致电)|(?:限时|特价|优惠)(?:优惠|促销|抢购|价)|加盟|包过|包中|不成功不收费"
    r"|未经[^。；，]{0,8}(?:许可|授权|同意|允许)|版权所有|翻印必究|违者必究|侵权必究|(?:禁止|严禁|不得|谢绝)(?:任何)?[^。；，]{0,6}(?:转载|复制|翻印|摘编)",
    re.M,
)

# --- how many there are
_COUNTER = "个|项|条|种|类|件|步|层|次|处|点|方面|部分|句|段|大"
_LISTED = re.compile(
    rf"(?<![第近约百千万十数几{{]){NUMERAL}(?={_COUNTER}|区|镇)(?P<what>[^。！？；，、：:\n（）{HIDDEN}]{{1,14}})[：:](?=(?P<items>[^。！？；：:\n]+))"  # what is listed may hold another number and its list
)
_TITLE = re.compile(
    rf"(?P<whole>[{HAN}]+的)?(?P<number>{NUMERAL})(?P<counter>大|个|项|条|句|张)(?P<thing>[{HAN}“”]+)"
)
# A count that is that of the whole, with nothing in the sentence to say that some are meant.
_WHOLE = re.compile(
    r"(?:一共|总共|共有?|全部|合计|(?:提出|写|布局|列|列出|给出|部署|确定|明确|围绕|安排|分为|分成)[了着的]?(?:是|有)?)$"
)
_SOME = re.compile("其中|其他|其余|另外|剩|前面|后面|头|只|仅|除|展开|第[一二三四五六七八九十]+章")
_LED_IN = re.compile(
    rf"(?<![第约近几数前后其]){NUMERAL}(?:{_COUNTER}|张|份|样)[^。！？；，、：:\n（）“”]{{0,12}}[：:][ \t]*$"
)
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+\S")


@RULES.prose
def bodies(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的单位、公司和职务，也不写由谁牵头、由谁担任。

    读者会去找这个单位、这个人。别的文件的出处写在名词解释的“来源”里；连到政府网站的链接不在此限。
    """
    if book.source is None:
        return
    for pattern in (_BODY, _DOER, _POST):
        for match in pattern.finditer(prose.words):
            who = (
                re.sub(r"^.*?[以由在到向与是从为经及归让请按照据](?=[^局厅]{2})", "", match[0])
                if pattern is _BODY
                else match[0]
            )
            name = match["who"] if pattern is _DOER else who
            linked = prose.raw.startswith("](", match.end()) or prose.words[: match.start()].count(
                "《"
            ) > prose.words[: match.start()].count("》")
            linked = linked or re.match(
                rf"[{HAN}]{{0,4}}\]\(|的?(?:官方)?(?:网站|官网)", prose.raw[match.end() :]
            )
            if (
                not linked
                and not book.source.find(name)
                and not is_quoted(prose.words, match.start())
            ):
                yield Flaw(
                    match.end() - len(who),
                    match.end(),
                    f"原文没有写“{who}”",
                    "删去它；要说明没有，就写“原文没有写明”",
                )
                return


@RULES.prose
def words_of_others(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的人说的话：“区长表示”“专家认为”“据悉”。

    读者会把它当作真的有人说过。
    """
    yield from _said(
        prose, book, _SOMEBODY, "“{}”：原文没有这个人的话", "连同他说的话一起删去；只引原文"
    )


@RULES.prose
def places(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的方位、距离、地址和坐标。

    原文只给出名称的地方，在哪里没有可靠的来源；画着行政区域的地图要送审，写成文字也一样会让人当真。
    """
    yield from _said(
        prose,
        book,
        _WHERE,
        "原文没有写“{}”这样的位置",
        "删去这半句；要说明没有，就写“原文没有说明在哪里”",
    )


@RULES.prose
def times(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的时间：规划的年份照原文写，公布的日期只填在出版设置里；不写“今年”“近日”。

    书要留很多年，“今年”过后说不清是哪一年；公布的日期读者会拿去引用。
    """
    if book.source is None:
        return
    spans, last = _years(book.source)
    for match in _SPAN.finditer(prose.words):
        span = (int(match[1]), int(match[2]))
        near = next(
            (
                known
                for known in spans
                if span != known and (span[0] == known[0] or span[1] == known[1])
            ),
            None,
        )
        if near and span not in spans and not is_quoted(prose.words, match.start(), "《》"):
            right = match[0].replace(match[1], str(near[0]), 1)[: len(match[0]) - 4] + str(near[1])
            yield Flaw(
                match.start(),
                match.end(),
                f"“{match[0]}”与原文的年份不同",
                f"原文是{near[0]}年到{near[1]}年，写成“{right}”",
            )
    for match in _UNTIL.finditer(prose.words):
        if (
            last
            and int(match[1]) > last
            and not is_quoted(prose.words, match.start(), "《》")
            and not is_denied(prose.words, match.start())
            and not _SPAN.search(prose.words[max(0, match.start() - 6) : match.end()])
            and not _OWN.search(_clause(prose.words, match.start()))
        ):
            yield Flaw(
                match.start(),
                match.end(),
                f"原文没有写“{match[0]}”",
                f"原文写到{last}年；别的年份，原文没有就删去",
            )
    for match in _PART_OF_A_YEAR.finditer(prose.words):
        if (
            not _is_of_the_source(int(match[1]), book.source)
            and not is_quoted(prose.words, match.start(), "《》")
            and not is_denied(prose.words, match.start())
            and not _UNTIL.search(prose.words[: match.start() + 5])
            and not _OWN.search(_clause(prose.words, match.start()))
            and not _other_title(prose.words, match.start(), book)
        ):
            yield Flaw(
                match.start(), match.end(), f"原文没有写“{match[0]}”", "删去这个时间和那时的事"
            )
    published = str(book.config.get("explainer_publication") or "")
    for match in _DATE.finditer(prose.words):
        clause = re.sub(r"《[^》]*》", "", _clause(prose.words, match.start()))
        about = (
            _MADE_KNOWN.search(clause) and _OF_THE_POLICY.search(clause) and not _OWN.search(clause)
        )
        if (
            about
            and match[0] not in published
            and not book.source.find(match[0])
            and not _other_title(prose.words, match.start(), book)
        ):
            yield Flaw(
                match.start(),
                match.end(),
                f"原文没有“{match[0]}”这个日期",
                "删去它；公布的日期有了可靠的来源，填在 _config.yml 的“发布日期”里，网站和会议版自会印上",
            )
    passing = _said(
        prose,
        book,
        _PASSING,
        "“{}”过后说不清是什么时候",
        "写明是哪一年哪一月；原文没有的时间，就删去",
    )
    yield from (f for f in passing if not _DATE.search(_clause(prose.words, f.start)))


@RULES.prose
def results_and_promises(prose: Prose, book: Book) -> Iterator[Flaw]:
    """不写原文没有的成效、评价和许诺：“成效显著”“已经实现”“一定会”“都能领到”。

    规划说的是要做什么；做成了没有，给不给，只有公布的文件能说。
    """
    if prose.path.name == CHANGELOG:
        return  # there the editors speak of their own work
    yield from _said(
        prose,
        book,
        _CLAIMS,
        "“{}”是原文没有的成效、评价或许诺",
        "删去这半句，或改成原文说的要做什么",
    )


@RULES.prose
def pasted_words(prose: Prose, book: Book) -> Iterator[Flaw]:
    """没有从别处一起粘贴来的话：公众号的“关注我们”，广告，聊天机器人的客套，“版权所有”。"""
    for match in _PASTED.finditer(prose.words):
        if not is_quoted(prose.words, match.start()):
            yield Flaw(
                match.start(), match.end(), f"“{match[0]}”是从别处带来的话", "连同它的整句一起删去"
            )
            return


@RULES.prose
def counts(prose: Prose, book: Book) -> Iterator[Flaw]:
    """说有几个，后面列出来的、表格里的就是几个。

    读者会去数。
    """
    for match in _LISTED.finditer(prose.words):
        number = _value(prose.words, match, 0)
        listed = _items(match["items"])
        if number and number > 1 and listed and number not in listed:
            yield Flaw(
                match.start(),
                match.start("what"),
                f"写的是“{prose.words[match.start() : match.start('what')]}”，后面列了{_han(max(listed))}个",
                f"数一数，写成“{_han(max(listed))}”，或补上漏掉的",
            )
    if prose.path.name == CHANGELOG or book.source is None:
        return
    for pattern, largest, exact, where, sizes, thing, rows in _facts(book.source, book.sizes):
        for match in pattern.finditer(prose.words):
            group, by = ("number", "counter") if match["number"] else ("of_all", "by")
            number = _value(prose.words, match, group)
            most = rows if thing in match[0] else largest
            before = prose.words[: match.start(group)]
            whole = exact or (
                _WHOLE.search(before)
                and not _SOME.search(_clause(prose.words, match.start()))
                and (number not in sizes or thing in match[0])
            )
            if (
                number
                and number > 1
                and (number > most or whole and number != most)
                and not is_quoted(prose.words, match.start())
                and not book.source.find(match[0])
            ):
                yield Flaw(
                    match.start(group),
                    match.end(),
                    f"“{match[0]}”：{where}是{_han(most)}",
                    f"写成“{_han(most)}{match[by]}{match[0][match.end(by) - match.start() :]}”",
                )


@RULES.chapter
def counted_lists(chapter: Chapter, book: Book) -> Iterator[EditorError]:
    """说有几个，下面列的就是几条。

    读者会去数。
    """
    for prose in chapter.prose:
        match = _LED_IN.search(prose.words.rstrip())
        number = _value(prose.words, match, 0) if match else None
        line = prose.line + prose.raw.rstrip().count("\n")
        listed = _listed_below(chapter.lines[line:])
        if number and number > 1 and listed and number != listed:
            written = re.match(NUMERAL, match[0])[0]
            yield EditorError(
                f"写的是“{written}”，下面列了{_han(listed)}条",
                line=line,
                remedy=f"数一数，写成“{_han(listed)}”，或补上漏掉的",
            )


def _listed_below(lines: list[str]) -> int:
    """How many items the list has that begins with these lines; none where they begin with something else."""
    found, indent = 0, ""
    for line in lines:
        match = _ITEM.match(line)
        if match and (not found or match["indent"] == indent):
            found, indent = found + 1, match["indent"]
        elif line.strip() and not (found and line.startswith((" ", "\t"))):
            break
    return found


@RULES.prose
def regions(prose: Prose, book: Book) -> Iterator[Flaw]:
    """香港、澳门、台湾与“内地”“大陆”并提，不与“国内”“中国”“国家”并列。"""
    for match in re.finditer(
        r"中国(?=[、和与及](?:香港|澳门|台湾))|国内外?|国外|境外国家|中港|中澳|两国|各国",
        prose.words,
    ):
        sentence = _clause(prose.words, match.start())
        if re.search("香港|澳门|台湾|港澳", sentence) and not is_quoted(prose.words, match.start()):
            yield Flaw(
                match.start(),
                match.end(),
                f"“{match[0]}”与香港、澳门、台湾并列不妥",
                "“国内”改成“内地”（与台湾并提时写“大陆”）；不需要的就删去",
            )


def _said(
    prose: Prose, book: Book, pattern: re.Pattern, message: str, remedy: str
) -> Iterator[Flaw]:
    """What matches and is neither the source's, nor denied, nor only mentioned."""
    for match in pattern.finditer(prose.words):
        if (
            book.source
            and book.source.find(match[0])
            or is_denied(prose.words, match.start())
            or is_quoted(prose.words, match.start())
        ):
            continue
        yield Flaw(match.start(), match.end(), message.format(match[0]), remedy)
        return


def _clause(words: str, at: int) -> str:
    """The sentence around a place, up to the stops or semicolons beside it."""
    begin = max((match.end() for match in _STOP.finditer(words, 0, at)), default=0)
    stop = _STOP.search(words, at)
    return words[begin : stop.start() if stop else len(words)]


def _other_title(words: str, at: int, book: Book) -> bool:
    """Whether the sentence is of a document that is not the source's."""
    titles = re.findall(r"《([^》]+)》", _clause(words, at))
    return any(title not in book.source.title and not book.source.find(title) for title in titles)


def _is_of_the_source(year: int, source: SourceText) -> bool:
    """Whether the source says the year, or a span from it or to it."""
    spans, last = _years(source)
    return year == last or any(year in span for span in spans)


@lru_cache(maxsize=4)
def _years(source) -> tuple[frozenset[tuple[int, int]], int]:
    """The spans of years that the source gives, and its last year."""
    texts = [source.title, *(paragraph.text for paragraph in source.paragraphs.values())]
    spans = {(int(a), int(b)) for text in texts for a, b in _SPAN.findall(text)}
    return frozenset(spans), max(
        (int(year) for text in texts for year in re.findall(r"20\d\d", text)), default=0
    )


def _value(words: str, match: re.Match, group: str | int = "number") -> int | None:
    numeral = re.match(NUMERAL, words[match.start(group) :])
    amount = value(numeral[0].strip()) if numeral else None
    return int(amount) if amount is not None and amount == int(amount) and amount < 100 else None


def _items(listed: str) -> set[int]:
    """How many things a list in a sentence may hold; empty where it is no plain list."""
    pieces = re.split("、", listed)
    if len(pieces) < 2 or any(len(piece) > 14 or re.search("[，,等]", piece) for piece in pieces):
        return set()
    more = len(re.findall("[和与及]", pieces[-1]))
    return {len(pieces), *range(len(pieces), len(pieces) + more + 1)}


@lru_cache(maxsize=4)
def _facts(
    source: SourceText, sizes: tuple[tuple[str, int], ...]
) -> tuple[tuple[re.Pattern, int, bool, str, frozenset[int], str, int], ...]:
    """What there is a known number of: how it is spoken of, how many, whether a part of them is never meant, who says so; how many there are of the like, and the whole name with its number."""
    known = {
        "段正文": (
            len(source.paragraphs),
            True,
            "底本的正文",
            frozenset(),
            "段正文",
            len(source.paragraphs),
        ),
        "章标题": (
            len(source.chapters),
            True,
            "底本的章标题",
            frozenset(),
            "章标题",
            len(source.chapters),
        ),
    }
    for title, rows in sizes:
        match = _TITLE.fullmatch(title)
        if match and value(match["number"]) == rows:
            thing = (
                match["thing"][-2:] if re.fullmatch(f"[{HAN}]+", match["thing"]) else match["thing"]
            )
            if match[
                "whole"
            ]:  # the name with its measure word: of the bare noun there may be any number
                thing = match["counter"] + thing
            # Another table may have more of the like (单项措施): up to that many is no fault.
            like = frozenset(number for other, number in sizes if other.endswith(thing))
            most = max(like)
            if most >= known.get(thing, (0,))[0]:
                known[thing] = (most, False, f"表格“{title}”", like, match["thing"], rows)
    spoken = rf"(?P<number>{NUMERAL})(?P<counter>[个项大段句条]?)"
    return tuple(
        (re.compile(rf"(?<![第前其头这那每几数十百\d]){spoken}(?:(?![一二两三四五六七八九十])[{HAN}]){{0,2}}{thing}|[{HAN}]{{0,2}}{thing}(?:一共|总共|共)有?{spoken.replace('number', 'of_all').replace('counter', 'by')}"), *rest)
        for thing, rest in known.items()
    )  # fmt: skip


def _han(number: int) -> str:
    digits = "零一两三四五六七八九十"
    return (
        digits[number]
        if number <= 10
        else f"{digits[number // 10] if number >= 20 else ''}十{'零一二三四五六七八九'[number % 10] if number % 10 else ''}"
    )
