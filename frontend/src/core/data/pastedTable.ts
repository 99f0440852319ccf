/** Reads a table pasted from a spreadsheet or a CSV file. */

export interface PastedTable {
  separator: ',' | '\t' | ';'
  /** Whether the first line is a header: none of its values is a number. */
  header: boolean
  rows: number
  columns: number
}

/** The values of a line, as far as needed to count them: quotes protect a separator. */
function valuesOf(line: string, separator: string): string[] {
  const values: string[] = []
  let value = ''
  let quoted = false
  for (const letter of line) {
    if (letter === '"') quoted = !quoted
    else if (letter === separator && !quoted) {
      values.push(value)
      value = ''
    } else value += letter
  }
  return [...values, value]
}

const isNumber = (value: string) => value.trim() !== '' && Number.isFinite(Number(value.trim().replace(',', '.')))

/** Reads text as a table: at least two lines, each with the same number of values, at least two. Null for other text. */
export function readPastedTable(text: string): PastedTable | null {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').filter((line) => line.trim() !== '')
  if (lines.length < 2) return null
  for (const separator of ['\t', ';', ','] as const) {
    const first = valuesOf(lines[0] ?? '', separator)
    if (first.length < 2 || !lines.every((line) => valuesOf(line, separator).length === first.length)) continue
    const header = !first.some(isNumber)
    return { separator, header, rows: lines.length - Number(header), columns: first.length }
  }
  return null
}
