/** Text from a spreadsheet or a CSV file, as a table. */

export interface Pasted {
  separator: ',' | '\t' | ';'
  /** Whether the first line names the columns: none of its values is a number. */
  header: boolean
  rows: number
  columns: number
}

/** The values of a line, as far as they need to be told apart: quotes hold a separator together. */
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

/** Reads text as a table: two lines or more, each with the same number of values, two or more. Null when it is something else. */
export function readPastedTable(text: string): Pasted | null {
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
