import { expect, it } from 'vitest'
import { readPastedTable } from './pastedTable'

it.each([
  ['a,b\n1,2\n3,4\n', { separator: ',', header: true, rows: 2, columns: 2 }],
  ['a\tb\r\n1\tx, y\r\n', { separator: '\t', header: true, rows: 1, columns: 2 }],
  ['1;2,5\n3;4,5', { separator: ';', header: false, rows: 2, columns: 2 }],
  ['name,"last, first"\nx,"y, z"', { separator: ',', header: true, rows: 1, columns: 2 }],
])('reads %j', (text, table) => expect(readPastedTable(text)).toEqual(table))

it.each(['hello', 'hello, world', 'one\ntwo', 'a,b\n1,2,3', 'Dear all,\nthis is a letter, with commas, and\nlines.', ''])('takes %j for no table', (text) => expect(readPastedTable(text)).toBeNull())
