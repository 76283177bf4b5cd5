# -*- coding: utf-8 -*-
"""The one command: python3 scripts/book.py build|serve|check|new|publish|test.

Any Python must be able to parse this file, so that an old one can say that it is too old.
"""

import os
import sys

OLDEST = (3, 11)


def too_old(version):
    """The sentence for somebody whose Python is too old; None for all others."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return (
        "需要 Python %d.%d 或更新的版本，现在用的是 %d.%d。"
        "改法：安装新版 Python，再用它运行，例如：%s scripts/book.py build\n"
    ) % (OLDEST + tuple(version[:2]) + ("py -3.12" if os.name == "nt" else "python3.12",))


def main(argv):
    sentence = too_old(sys.version_info)
    if sentence:
        # Bytes, because an old Python in a plain locale cannot print Chinese.
        getattr(sys.stderr, "buffer", sys.stderr).write(sentence.encode("utf-8"))
        return 2
    from explainer import cli, environment

    cli.prepare_console()
    cli.parse(argv)  # help and misspelt commands need no environment
    return cli.guarded(lambda: environment.run(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
