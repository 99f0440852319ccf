"""The R side of Execute R Script: reads the tables, runs the script, and writes what it returned. It needs base R and nanoarrow only.

Tables travel as uncompressed Arrow streams of whole numbers, numbers, texts and booleans, each beside a stream that says what its columns are (class, time
zone). So neither the packages hms and vctrs are needed, nor does a date or time depend on how a version of nanoarrow rounds it.
"""

BRIDGE = r"""
local({
  place <- Sys.getenv("EASEL_R_PLACE")
  at <- function(...) file.path(place, paste0(...))
  kept <- new.env()  # what was returned; the script cannot see it
  kept$tables <- list()
  kept$metrics <- numeric()

  fail <- function(kind, words, line = "", column = "") {
    writeLines(enc2utf8(c(kind, line, column, words)), at("problem"), useBytes = TRUE)
    quit(save = "no", status = 3, runLast = FALSE)
  }
  if (!requireNamespace("nanoarrow", quietly = TRUE)) fail("no_nanoarrow", "The R package nanoarrow is not installed.")

  # Tables in ---------------------------------------------------------------------------------------------------------
  read <- function(...) as.data.frame(nanoarrow::read_nanoarrow(at(...)))
  arrived <- function(values, about, number) switch(
    about$class,
    Date = structure(values, class = "Date"),
    POSIXct = structure(values, class = c("POSIXct", "POSIXt"), tzone = about$zone),
    difftime = structure(values, class = "difftime", units = "secs"),
    factor = structure(values, levels = read("in-", number, "-levels-", about$column, ".arrow")$level, class = "factor"),
    values
  )
  table_in <- function(number) {
    if (!file.exists(at("in-", number, "-columns.arrow"))) return(NULL)
    about <- read("in-", number, "-columns.arrow")
    if (!nrow(about)) return(data.frame())
    values <- read("in-", number, ".arrow")
    unlink(at("in-", number, ".arrow"))  # it is in memory now, and the directory may be small
    columns <- lapply(seq_along(values), function(i) arrived(values[[i]], about[i, ], number))
    structure(columns, names = about$name, row.names = .set_row_names(nrow(values)), class = "data.frame")
  }

  # Tables out --------------------------------------------------------------------------------------------------------
  leaving <- function(values, name, rows) {
    if (inherits(values, "POSIXlt")) values <- as.POSIXct(values)
    zone <- if (inherits(values, "POSIXct")) c(attr(values, "tzone"), "")[1] else ""
    class <- if (is.factor(values)) "factor"
      else if (inherits(values, "integer64")) "integer64"
      else if (inherits(values, "Date")) "Date"
      else if (inherits(values, "POSIXct")) "POSIXct"
      else if (inherits(values, "difftime")) "difftime"
      else if (is.logical(values)) "logical"
      else if (is.integer(values)) "integer"
      else if (is.double(values)) "double"
      else if (is.character(values)) "character"
      else fail("object_column", paste0("of class ", class(values)[1]), column = name)
    if (length(values) != rows) fail("object_column", "with several values in each row", column = name)
    values <- switch(class,
      factor = , integer64 = , character = as.character(values), difftime = as.double(values, units = "secs"),
      Date = , POSIXct = as.double(unclass(values)), as.vector(values)
    )
    if (is.character(values)) {
      values <- enc2utf8(values)
      if (!all(validUTF8(values))) fail("object_column", "whose text is not valid UTF-8", column = name)
    }
    list(class = class, zone = zone, values = values)
  }
  table_out <- function(table, number) {
    named <- enc2utf8(names(table))
    if (anyDuplicated(named)) fail("duplicate_column", "", column = named[duplicated(named)][1])
    if (.row_names_info(table) > 0) {
      cat("The row names of a table were left out. Keep them with cbind(name = rownames(table), table).\n", file = stderr())
    }
    rows <- nrow(table)
    columns <- Map(function(values, name) leaving(values, name, rows), as.list(unclass(table)), named)
    about <- data.frame(
      name = named, class = vapply(columns, `[[`, "", "class"), zone = vapply(columns, `[[`, "", "zone"), stringsAsFactors = FALSE
    )
    nanoarrow::write_nanoarrow(about, at("out-", number, "-columns.arrow"))
    if (!length(columns)) return()
    values <- structure(lapply(columns, `[[`, "values"), names = paste0("c", seq_along(columns)), row.names = .set_row_names(rows), class = "data.frame")
    nanoarrow::write_nanoarrow(values, at("out-", number, ".arrow"))
    for (i in seq_along(values)) {  # nanoarrow writes NaN as a missing value
      if (is.double(values[[i]]) && length(places <- which(is.nan(values[[i]])))) {
        nanoarrow::write_nanoarrow(data.frame(row = places), at("out-", number, "-nan-", i, ".arrow"))
      }
    }
  }
  take <- function(value, name) {
    if (is.data.frame(value)) kept$tables <- c(kept$tables, list(value))
    else if (is.matrix(value) && is.atomic(value)) kept$tables <- c(kept$tables, list(as.data.frame(value)))
    else if (inherits(value, c("ggplot", "trellis", "recordedplot"))) print(value)
    else if ((is.numeric(value) || is.logical(value)) && !is.object(value) && is.null(dim(value)) && length(value)) {
      called <- if (is.null(names(value))) rep("", length(value)) else names(value)
      if (length(value) == 1 && !nzchar(called)) called <- name
      if (!all(nzchar(called))) fail("wrong_return", "numbers without names")
      kept$metrics[called] <- as.double(value)
    }
    else if (is.list(value) && !is.object(value)) {
      called <- if (is.null(names(value))) rep("", length(value)) else names(value)
      for (i in seq_along(value)) take(value[[i]], called[i])
    }
    else if (!is.null(value)) fail("wrong_return", paste("a value of class", class(value)[1]))
  }

  # The script --------------------------------------------------------------------------------------------------------
  broken <- function(condition) {
    lines <- character()
    line <- ""
    for (call in sys.calls()) {
      ref <- attr(call, "srcref")
      if (is.null(ref) || !identical(attr(ref, "srcfile")$filename, "<script>")) next
      line <- as.character(as.integer(ref)[1])
      lines <- c(lines, paste0(line, "\t", as.character(ref)[1]))
    }
    writeLines(enc2utf8(lines[!duplicated(lines)]), at("calls"), useBytes = TRUE)
    words <- conditionMessage(condition)
    fail(if (grepl("cannot allocate", words)) "out_of_memory" else "script_failed", words, line)
  }
  unreadable <- function(condition) {
    words <- conditionMessage(condition)
    line <- regmatches(words, regexec("^<script>:([0-9]+):[0-9]+: ", words))[[1]]
    fail("script_failed", if (length(line)) substring(words, nchar(line[1]) + 1) else words, if (length(line)) line[2] else "")
  }
  devices <- 0
  options(
    warn = 1, keep.source = TRUE, stringsAsFactors = FALSE, browserNLdisabled = TRUE, bitmapType = "cairo",
    device = function(...) {
      devices <<- devices + 1
      grDevices::png(at(sprintf("plot-%05d-", devices), "%05d.png"), width = 800, height = 600, res = 100, type = "cairo")
    }
  )
  world <- new.env(parent = globalenv())
  for (number in 1:3) assign(c("first", "second", "third")[number], table_in(number), world)
  world$params <- eval(parse(at("params.R"), encoding = "UTF-8"), baseenv())
  text <- readLines(at("script.R"), warn = FALSE, encoding = "UTF-8")
  parsed <- tryCatch(
    parse(text = text, keep.source = TRUE, srcfile = srcfilecopy("<script>", text), encoding = "UTF-8"), error = unreadable
  )
  seed <- Sys.getenv("EASEL_R_SEED")
  if (nzchar(seed)) set.seed(as.integer(seed))
  overflown <- function(condition) fail("script_failed", conditionMessage(condition))  # the stack has no room for the handler within
  tryCatch(withCallingHandlers({
    eval(parsed, globalenv())
    main <- get0("main", globalenv(), inherits = FALSE, mode = "function")
    if (is.null(main)) fail("no_function", "")
    wanted <- names(formals(args(main)))
    positional <- setdiff(wanted, "params")
    passed <- c("first", "second", "third")[seq_len(if ("..." %in% wanted) 3 else min(3, length(positional)))]
    passed <- lapply(passed, as.name)
    if ("params" %in% wanted) passed <- c(passed, list(params = as.name("params")))
    world$main <- main
    value <- eval(as.call(c(list(as.name("main")), passed)), world)
    take(value, "")
  }, error = broken), error = overflown)
  grDevices::graphics.off()
  for (number in seq_along(kept$tables)) table_out(kept$tables[[number]], number)
  if (length(kept$metrics)) {
    nanoarrow::write_nanoarrow(data.frame(name = enc2utf8(names(kept$metrics)), value = unname(kept$metrics)), at("metrics.arrow"))
  }
  writeLines("done", at("done"))
})
"""
