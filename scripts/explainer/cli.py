"""The command line: what the user may type, and what is said when something goes wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .errors import EditorError, EditorErrors, from_os_error
from .paths import BUILD, COMMAND
from .progress import prepare_console

PROGRAM = "scripts/book.py"

# What argparse itself says, in Chinese.
ARGPARSE_WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这份说明",
    "%(prog)s: error: %(message)s\n": "%(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "expected one argument": "后面要跟一个值",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有“%(value)s”；可用的有：%(choices)s",
    "unrecognized arguments: %s": "看不懂“%s”",
    "the following arguments are required: %s": "还要写出：%s",
    "ignored explicit argument %r": "后面不能跟“%s”",
    "not allowed with argument %s": "不能与 %s 同时用",
}


class Parser(argparse.ArgumentParser):
    """argparse without its English and without the usage lines that bury the error."""

    def __init__(self, **kwargs) -> None:
        argparse._ = lambda text: ARGPARSE_WORDS.get(text, text)
        super().__init__(allow_abbrev=False, **kwargs)

    def error(self, message: str) -> None:
        message = message.replace("'", "")
        help_command = COMMAND + self.prog.removeprefix(PROGRAM) + " --help"
        self.exit(2, f"{message}。改法：运行 {help_command} 查看用法。\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """What the user asked for; leaves with a message when that is not to be understood."""
    parser = Parser(prog=PROGRAM, description="生成、预览、检查这本政策解读。")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令")

    build = commands.add_parser(
        "build", help="生成网站和会议版 PDF，放在 _build/html/ 和 _build/pdf/"
    )
    build.add_argument(
        "--no-cache", action="store_true", help="重新运行所有图表代码，不用上次的结果"
    )
    build.set_defaults(run=_build)

    serve = commands.add_parser("serve", help="边改边看：存盘后网页自动刷新")
    port = "网址里的端口号（默认 8000，被占用时往后找）"
    serve.add_argument("--port", type=_port, default=8000, metavar="端口", help=port)
    switch = {"action": argparse.BooleanOptionalAction, "default": sys.stdout.isatty()}
    serve.add_argument("--open", help="是否自动打开浏览器", **switch)
    serve.set_defaults(run=_serve)

    check = commands.add_parser("check", help="快速检查文字和表格，不生成网站")
    check.add_argument(
        "files",
        nargs="*",
        metavar="文件",
        help="只检查这些文件，例如 book/index.md（默认检查全部）",
    )
    formats = ("text", "github", "json")
    check.add_argument(
        "--format",
        choices=formats,
        default="text",
        metavar="格式",
        help="text（默认）、github 或 json",
    )
    check.add_argument(
        "--fix",
        action="store_true",
        help="把标点、全角半角、多余的空格等改好；引文、代码、网址不动",
    )
    text = "核对一份讲话稿、新闻稿（.txt 或 .docx）：每一句是不是原文的话"
    check.add_argument("--text", type=Path, metavar="文件", help=text)
    check.add_argument("--rules", action="store_true", help="列出全部规则")
    check.set_defaults(run=_check)

    new = commands.add_parser("new", help="从另一份政策解读的原文开始一本新书")
    new.add_argument("folder", type=Path, metavar="文件夹", help="放新书的文件夹，要还没有或是空的")
    source = "原文：UTF-8 编码的纯文本，第一行是标题，章标题写作“一、……”或“（一）……”，一段一行"
    new.add_argument("--source", type=Path, metavar="文件", required=True, help=source)
    new.set_defaults(run=_new)

    compare = commands.add_parser(
        "compare", help="改动前后逐段对照：文字、图、表格和 PDF 有什么变化"
    )
    compare.add_argument(
        "base", nargs="?", metavar="版本", help="与哪个版本相比（默认是从 main 分出来的那一点）"
    )
    compare.set_defaults(run=_compare)

    verify = commands.add_parser(
        "verify", help="核验生成好的网站和会议版：页面、链接、搜索、引文、版本号"
    )
    place = {"nargs": "?", "type": Path, "metavar": "文件夹"}
    verify.add_argument("folder", help="网站所在的文件夹（默认 _build/html）", **place)
    verify.set_defaults(run=_verify)

    release = commands.add_parser(
        "release", help="做一版：写上版本号，从干净的副本生成、核验、打包"
    )
    release.add_argument("version", metavar="版本号", help="年份.序号，例如 2026.1")
    release.set_defaults(run=_release)

    editions = commands.add_parser(
        "editions", help="把做过的各版合成一个网站，最新的在最前，旧的各有网址"
    )
    editions.add_argument("folder", help="放在哪里（默认 _build/public）", **place)
    leave = "不放进来的版本，例如撤回了的；可以写几次"
    editions.add_argument("--without", action="append", default=[], metavar="版本号", help=leave)
    editions.set_defaults(run=_editions)

    publish = commands.add_parser("publish", help="在服务器上发布生成好的网站，或退回上一版")
    publish.add_argument(
        "folder", type=Path, metavar="文件夹", help="服务器上放网站的文件夹，例如 /srv/explainer"
    )
    publish.add_argument(
        "--site", type=Path, help="发布哪个网站（默认 _build/html）", metavar="网站"
    )
    ask = "网站的网址，例如 http://127.0.0.1/：换好以后向它要一次首页，收到刚发布的才算数"
    publish.add_argument("--address", default="", metavar="网址", help=ask)
    publish.add_argument("--drop", action="store_true", help="新网站里没有了的网页，真的不要了")
    publish.add_argument("--back", action="store_true", help="退回上一版；再运行一次就又换回来")
    publish.set_defaults(run=_publish)

    test = commands.add_parser(
        "test", help="运行全部测试", epilog="其余参数原样交给 pytest，例如：test -k build"
    )
    test.add_argument(
        "--engines",
        action="store_true",
        help="先取齐各种浏览器（旧版 Chromium、Firefox、WebKit），都要通过",
    )
    test.set_defaults(run=_test)

    args, args.rest = parser.parse_known_args(argv)
    if args.command is None:
        parser.print_help()
        parser.exit(2)
    if args.rest and args.command != "test":
        parser.error(f"看不懂“{' '.join(args.rest)}”")
    return args


def main(argv: Sequence[str] | None = None) -> int:
    args = parse(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: args.run(args))


def guarded(work: Callable[[], int]) -> int:
    """Does the work; whatever goes wrong becomes sentences and an exit code, never a traceback."""
    try:
        return work()
    except EditorError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130
    except OSError as error:
        known = from_os_error(error)
        if known is None:
            return _crashed(error)
        print(known, file=sys.stderr)
        return 1
    except Exception as error:
        return _crashed(error)


def _crashed(error: Exception) -> int:
    """The sentence for an error that is the program's own fault, with the details in a file."""
    import traceback

    log = BUILD / "logs" / "error.log"
    details = "".join(traceback.format_exception(error))
    notes = "".join(f"（{note}）" for note in getattr(error, "__notes__", ()))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(details, encoding="utf-8")
        where = f"详情在 {log}"
    except OSError:
        where = f"详情：{details.splitlines()[-1]}"
    print(f"程序自己出了错{notes}。改法：请把情况告诉维护人员，{where}。", file=sys.stderr)
    return 70


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("要是 1024 到 65535 之间的整数")
    return int(text)


def _build(args: argparse.Namespace) -> int:
    from . import engine
    from .project import current

    if not args.no_cache and engine.unchanged(current().root):
        return 0
    from . import checks

    project = current()
    # In a second, and in full, what would otherwise stop the build a minute later.
    if findings := checks.blocking(project):
        print("没有生成，请先改好下面各处。", flush=True)
        raise EditorErrors(findings)
    engine.build(project.root, use_cache=not args.no_cache)
    return 0


def _serve(args: argparse.Namespace) -> int:
    from . import serve
    from .project import current

    serve.serve(current(), args.port, open_browser=args.open)
    return 0


def _check(args: argparse.Namespace) -> int:
    from .checks import command
    from .project import current

    if args.rules:
        return command.print_rules()
    if args.text:
        from . import drafts

        return drafts.command(current(), args.text)
    return command.command(current(), args.files, args.format, args.fix)


def _compare(args: argparse.Namespace) -> int:
    from . import compare
    from .project import current

    folder = compare.run(args.base, current())
    print((folder / "summary.md").read_text("utf-8"))
    print(f"对照好了：{folder / 'index.html'}，摘要在 {folder / 'summary.md'}。")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from .project import current
    from .release import verify

    book = current()
    folder = (args.folder or book.build / "html").absolute()
    findings = verify.verify(verify.product(folder, book))
    for finding in findings:
        print(finding, file=sys.stderr)
    print(
        f"核验完成：发现 {len(findings)} 处问题。"
        if findings
        else f"核验完成：没有发现问题（{folder}）。"
    )
    return 1 if findings else 0


def _new(args: argparse.Namespace) -> int:
    from . import new
    from .project import current

    chapters = new.start(current(), args.folder, args.source)
    print(f"新书已放在 {args.folder.resolve()}，共 {len(chapters)} 章：")
    for chapter in chapters:
        print(f"  {chapter.title}（{len(chapter.paragraphs)} 段）")
    print(f"接着做：打开那个文件夹，读 README.md，再运行 {COMMAND} build。")
    return 0


def _release(args: argparse.Namespace) -> int:
    from . import release
    from .project import current

    folder = release.release(args.version, current().root)
    print(f"{args.version} 已经做好，在 {folder}：")
    for path in sorted(folder.iterdir()):
        print(f"  {path.name}（{path.stat().st_size / 1e6:.1f} MB）")
    print(
        f"版本库里已有提交“版本 {args.version}”和标签 v{args.version}。公布：git push 之后，再 git push origin v{args.version}"
    )
    return 0


def _editions(args: argparse.Namespace) -> int:
    from .project import current
    from .release import editions, stamp

    book = current()
    folder = (args.folder or book.build / "public").absolute()
    try:
        tagged = stamp.tags(book.root)
    except EditorError:
        tagged = []
        print("这里没有版本库，没有核对是否缺了哪一版。")
    names = editions.gather(folder, book.build / "release", tagged=tagged, without=args.without)
    print(f"合成好了：{folder}，共 {len(names)} 版（{'、'.join(names)}），打开就是 {names[0]}。")
    return 0


def _publish(args: argparse.Namespace) -> int:
    from . import deploy
    from .project import current

    folder = args.folder.absolute()
    if args.back:
        release = deploy.go_back(folder, args.address)
    else:
        site = (args.site or current().build / "html").absolute()
        release = deploy.publish(folder, site, drop=args.drop, address=args.address)
    print(f"现在显示的是 {release}。")
    return 0


def _test(args: argparse.Namespace) -> int:
    from . import testing

    return testing.run(args.rest, args.engines)


if __name__ == "__main__":
    prepare_console()
    sys.exit(main())
