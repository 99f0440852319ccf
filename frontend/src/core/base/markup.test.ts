import { expect, it } from 'vitest'
import { readMarkup, readSpans } from './markup'

it('reads paragraphs, joined over their lines, and a list that follows one', () => {
  expect(readMarkup('One\nline.\n\nTwo:\n- a\n  goes on\n- `b`')).toEqual([
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'One line.' }] },
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'Two:' }] },
    { kind: 'list', ordered: false, items: [[{ kind: 'text', text: 'a goes on' }], [{ kind: 'code', text: 'b' }]] },
  ])
  expect(readMarkup('1. first\n2. second')).toMatchObject([{ kind: 'list', ordered: true, items: [{}, {}] }])
})

it('keeps Markdown out of code', () => {
  expect(readSpans('`[a](https://x.org)` and [b](https://x.org)')).toEqual([
    { kind: 'code', text: '[a](https://x.org)' },
    { kind: 'text', text: ' and ' },
    { kind: 'link', text: 'b', href: 'https://x.org' },
  ])
})

it('links addresses of the web alone, without the full stop after them', () => {
  expect(readSpans('See https://x.org/a.')).toEqual([{ kind: 'text', text: 'See ' }, { kind: 'link', text: 'https://x.org/a', href: 'https://x.org/a' }, { kind: 'text', text: '.' }])
  for (const text of ['[a](javascript:alert(1))', '<b>a</b>', '2 * 3 * 4', 'a_b_c']) expect(readSpans(text)).toEqual([{ kind: 'text', text }])
})
