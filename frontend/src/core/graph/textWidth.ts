/** How wide words are in Geist and where they wrap, without a browser: never less than what is drawn. */
import { GLYPHS } from './glyphs'

/** Of letters that are not in the table, such as Chinese ones. */
const WIDEST = 13

const WIDTHS = new Map(Object.entries(GLYPHS).flatMap(([width, letters]) => [...letters].map((letter) => [letter, Number(width)] as const)))

const TABLE_SIZE = 13

const letterWidth = (letter: string, size: number) => ((WIDTHS.get(letter) ?? WIDEST) * size) / TABLE_SIZE

/** In px; the table is of weight 600, and every other weight in use is narrower. */
export function widthOf(text: string, size: number): number {
  let width = 0
  for (const letter of text) width += letterWidth(letter, size)
  return width
}

/** A word wider than a line goes on in the next; the width used of the last line, and the lines before it. */
function broken(word: string, width: number, size: number): { full: number; rest: number } {
  let [full, rest] = [0, 0]
  for (const letter of word) {
    const own = letterWidth(letter, size)
    if (rest + own > width) [full, rest] = [full + 1, own]
    else rest += own
  }
  return { full, rest }
}

/** The lines that a text takes. */
export function linesOf(text: string, width: number, size: number): number {
  const space = letterWidth(' ', size)
  let [lines, used] = [1, 0]
  for (const word of text.split(/[ \n\t]+/).filter(Boolean)) {
    const own = widthOf(word, size)
    const before = used === 0 ? 0 : used + space
    if (before + own <= width) used = before + own
    else if (own <= width) [lines, used] = [lines + (used === 0 ? 0 : 1), own]
    else {
      const { full, rest } = broken(word, width, size)
      ;[lines, used] = [lines + (used === 0 ? 0 : 1) + full, rest]
    }
  }
  return lines
}

const LINE_SIZE = 12

/** As many of the pieces as fit on a line, and how many more there are; the first in any case. */
export function fitting(pieces: readonly string[], width: number): string {
  for (let count = pieces.length; count > 1; count -= 1) {
    const left = pieces.length - count
    const line = [...pieces.slice(0, count), ...(left > 0 ? [`+${left}`] : [])].join(', ')
    if (widthOf(line, LINE_SIZE) <= width) return line
  }
  const [first = ''] = pieces
  const more = pieces.length > 1 ? `${first}, +${pieces.length - 1}` : first
  return widthOf(more, LINE_SIZE) <= width ? more : first
}
