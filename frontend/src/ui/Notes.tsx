import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { counted } from '../core/base/numbers'

const FIRST = 4

/** The parser's notes on a file; a long list is collapsed, so that the rows stay in view. */
export function Notes({ notes }: { notes: string[] }) {
  const [all, setAll] = useState(false)
  const more = notes.length - FIRST
  const shown = all || more <= 1 ? notes : notes.slice(0, FIRST)
  return (
    <>
      {shown.map((note) => <div key={note}>{note}</div>)}
      {shown.length < notes.length && <Anchor component="button" type="button" size="xs" onClick={() => setAll(true)}>Show {counted(more, 'more note')}</Anchor>}
    </>
  )
}
