/** The little Markdown of help texts: paragraphs, lists, `code` and links. Whatever else is in a text stays as it is written. */

export interface Span {
  kind: 'text' | 'code' | 'link'
  text: string
  /** Of a link: an address of the web. */
  href?: string
}
export type Block = { kind: 'paragraph'; spans: Span[] } | { kind: 'list'; ordered: boolean; items: Span[][] }

const INLINE = /`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?"'”’])/g
const ITEM = /^(?:[-*]|\d+\.)\s+/

export function readSpans(text: string): Span[] {
  const spans: Span[] = []
  let end = 0
  const plain = (until: number) => { if (until > end) spans.push({ kind: 'text', text: text.slice(end, until) }) }
  for (const found of text.matchAll(INLINE)) {
    plain(found.index)
    const [whole, code, words, href, bare] = found
    spans.push(code !== undefined ? { kind: 'code', text: code } : { kind: 'link', text: words ?? bare ?? '', href: href ?? bare })
    end = found.index + whole.length
  }
  plain(text.length)
  return spans
}

/** The items of a list: a line that does not start one goes on with the item before it. */
function readItems(lines: string[]): string[] {
  return lines.reduce<string[]>((items, line) => (ITEM.test(line) ? [...items, line.replace(ITEM, '')] : [...items.slice(0, -1), `${items.at(-1) ?? ''} ${line}`]), [])
}

/** A list may follow a paragraph without an empty line. */
function readPart(part: string): Block[] {
  const lines = part.split('\n').map((line) => line.trim()).filter(Boolean)
  const first = lines.findIndex((line) => ITEM.test(line))
  const [words, listed] = first < 0 ? [lines, []] : [lines.slice(0, first), lines.slice(first)]
  const paragraph: Block[] = words.length > 0 ? [{ kind: 'paragraph', spans: readSpans(words.join(' ')) }] : []
  return listed.length > 0 ? [...paragraph, { kind: 'list', ordered: /^\d/.test(listed[0] ?? ''), items: readItems(listed).map(readSpans) }] : paragraph
}

export const readMarkup = (text: string): Block[] => text.split(/\n\s*\n/).flatMap(readPart)
