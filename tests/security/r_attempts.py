"""What a script in R might try: the ways of its own language to the outside, beside those of Python, which runs it."""

from collections.abc import Sequence
from typing import Any

from pipelines.modules.script._r_running import literal
from tests.security.attempt import Attempt

MIB = 1024**2
# What every attempt has at hand. A function `attempt` returns what it gained, or fails; whatever it gains is an escape.
PRELUDE = """
readable <- function(...) unlist(lapply(Sys.glob(c(...)), function(path) tryCatch(readLines(path, n = 1, warn = FALSE), error = function(e) NULL)))
holding <- function(texts) texts[grepl(WORLD$secret, texts, fixed = TRUE)]
main <- function(first) {
  name <- character()
  got <- character()
  for (each in names(CODES)) {
    gained <- tryCatch(
      suppressWarnings(eval(parse(text = CODES[[each]]), new.env(parent = globalenv()))),
      error = function(refused) { cat(each, conditionMessage(refused), sep = ": "); cat("\\n"); NULL }
    )
    if (length(gained) && !identical(gained, FALSE)) {
      name <- c(name, each)
      got <- c(got, substr(paste(format(gained), collapse = " "), 1, 200))
    }
  }
  data.frame(name = name, got = got)
}
"""
SENT = "tryCatch({ writeLines('x', it); close(it); 'sent' }, error = function(e) NULL)"

IN_R = [
    Attempt("a file by its path", "readable(WORLD$file)", bare=True),
    Attempt("secrets in the environment", "holding(Sys.getenv())"),  # R gets an environment of its own anywhere
    Attempt("secrets in the environment of the worker", "holding(readable('/proc/[0-9]*/environ'))", bare=True),
    Attempt("somebody else's result in the store", "readable(WORLD$foreign)", bare=True),
    Attempt("Easel's home", "dir(WORLD$home)", bare=True),
    Attempt("passwords of the machine", "readable('/etc/shadow')"),
    Attempt("other processes", "Filter(function(id) as.integer(id) > 50, grep('^[0-9]+$', dir('/proc'), value = TRUE))", bare=True),
    Attempt("a server of this machine", f"it <- socketConnection('127.0.0.1', WORLD$port, timeout = 1)\n{SENT}"),
    Attempt("a page of the network", "readLines(url('http://127.0.0.1:80'), n = 1)"),
    Attempt("a server of its own", "it <- serverSocket(8080)\nclose(it)\nNULL"),  # its own network space: nobody can reach it
    Attempt("a program that reads a file", "system2('cat', shQuote(WORLD$file), stdout = TRUE, stderr = FALSE)", bare=True),
    Attempt("a shell in another user's name", "system2('su', c('-c', 'id'), stdout = TRUE, stderr = FALSE)"),
    Attempt("a file of Easel's", "file.create(file.path(dirname(WORLD$package), 'planted.py'))"),
    Attempt("a package of R for everybody", "writeLines('x', file.path(R.home('library'), 'base', 'planted'))\n'written'"),
    Attempt("a file of the machine", "writeLines('x', '/usr/planted')\n'written'"),
    Attempt("a signal to a process of the outside", "tools::pskill(WORLD$victim) && FALSE"),
    Attempt("a signal to the worker", "tools::pskill(WORLD$worker, 9) && FALSE"),
    Attempt("C code in R's own process", "dyn.load(WORLD$file)"),
    Attempt(
        "a fork bomb",
        "while (TRUE) try(parallel::mcparallel(Sys.sleep(60)), silent = TRUE)",
        ("too_many_processes", "out_of_memory", "took_too_long", "ended_early"),
        {"seconds": 5.0},
    ),
    Attempt(
        "a memory bomb",
        "kept <- list()\nwhile (TRUE) kept[[length(kept) + 1]] <- rep(1.5, 5e6)",
        ("out_of_memory", "ended_early"),
        {"memory_bytes": 400 * MIB},
    ),
    Attempt("a loop", "repeat NULL", ("took_too_long",), {"seconds": 3.0}),
    Attempt("ending everything", "system('kill -9 -1')\nSys.sleep(1)", ("ended_early",)),
    Attempt("ending what runs it", "tools::pskill(strsplit(readable('/proc/self/stat'), ' ')[[1]][4], 9)\nSys.sleep(5)", ("ended_early",)),
    Attempt("a child that stays", "system('sleep 600', wait = FALSE)\nNULL", alone=True),
    Attempt("a disk bomb", "it <- file('big', 'wb')\nrepeat writeBin(raw(1e7), it)", ("took_too_long", "out_of_memory"), {"memory_bytes": 400 * MIB, "seconds": 3.0}),
]  # fmt: skip


def script_in_r(attempts: Sequence[Attempt], world: dict[str, Any]) -> str:
    """The script that tries these, one after the other, in a world that it knows its way about; it returns what they gained."""
    facts = {name: value for name, value in world.items() if isinstance(value, int | str)}
    codes = {attempt.name: attempt.code for attempt in attempts}
    return f"WORLD <- {literal(facts)}\nCODES <- {literal(codes)}\n{PRELUDE}"
