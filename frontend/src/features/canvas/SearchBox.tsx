/** A search for the next module, at the pointer; after a dropped wire or within one, only modules that fit. */
import { Kbd } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Fragment, useState, type KeyboardEvent } from 'react'
import { missingExtra, missingExtraWords, type Module } from '../../core/catalogue/catalogue'
import { useCatalogue } from '../../state/catalogue'
import { addNode } from '../../state/edit'
import { openSearch, useView, type SearchBox as Asked } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { Tile } from '../../ui/Tile'
import classes from './SearchBox.module.css'
import { useMatches, wantedWords } from './useMatches'

const WIDTH = 300
const HEIGHT = 380

/** Kept inside the window, however close the pointer is to its edge. */
const place = ([x, y]: readonly [number, number]) => ({
  left: Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8)),
  top: Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8)),
  width: WIDTH, maxHeight: HEIGHT,
})

interface RowProps {
  module: Module
  active: boolean
  onTake(): void
  onPoint(): void
}

function Row({ module, active, onTake, onPoint }: RowProps) {
  const catalogue = useCatalogue()
  const extra = missingExtra(module)
  return (
    <li
      id={`match-${module.id}`} role="option" aria-selected={active} className={classes.row} data-missing={extra ? true : undefined}
      ref={active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
      onPointerDown={(event) => { event.preventDefault(); onTake() }} onPointerMove={onPoint}
    >
      <Tile icon={module.icon} hue={catalogue.hue(module.shelf)} />
      <span className={classes.words}>
        <span>{module.title}</span>
        {active && <small>{module.summary} {extra && missingExtraWords(extra)}</small>}
      </span>
      {active && <Kbd size="xs" aria-hidden>Enter</Kbd>}
    </li>
  )
}

function Box({ asked }: { asked: Asked }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const groups = useMatches(asked, query)
  const matches = groups.flatMap(({ modules }) => modules)
  const [before] = useState(() => document.activeElement as HTMLElement | null)
  const close = () => openSearch(null)
  const giveUp = () => {
    close()
    if (before && before !== document.body) before.focus()
    else useView.getState().canvas?.focus()
  }
  const take = (module: Module | undefined) => {
    if (!module) return
    const added = addNode(module.id, asked.place, { joined: asked.joined, onto: asked.onto, after: asked.after, anywhere: asked.anywhere })
    close()
    if (added) useView.getState().canvas?.reveal(added)
    useView.getState().canvas?.focus(added)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setActive((at) => (at + step + matches.length) % Math.max(1, matches.length))
    else if (event.key === 'Enter') take(matches[active])
    else if (event.key === 'Escape') giveUp()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const wanted = wantedWords(asked, useCatalogue())
  return (
    <div className={classes.box} style={place(asked.at)} role="dialog" aria-label={wanted}>
      <label className={classes.field}>
        <IconSearch size={16} stroke={1.6} aria-hidden />
        <input
          autoFocus placeholder={wanted} value={query} aria-label={wanted} role="combobox" aria-expanded aria-controls="module-matches"
          aria-activedescendant={matches[active] ? `match-${matches[active].id}` : undefined}
          onChange={(event) => { setQuery(event.currentTarget.value); setActive(0) }} onKeyDown={onKeyDown} onBlur={close}
        />
      </label>
      <ul id="module-matches" className={classes.list} role="listbox" aria-label="Modules">
        {groups.map(({ title, modules }) => (
          <Fragment key={title}>
            {title && <li className={classes.group} role="presentation">{title}</li>}
            {modules.map((module) => <Row key={module.id} module={module} active={module === matches[active]} onTake={() => take(module)} onPoint={() => setActive(matches.indexOf(module))} />)}
          </Fragment>
        ))}
        {matches.length === 0 && <li role="presentation"><Empty title="No matching module" icon={IconSearch}>Try another word.</Empty></li>}
      </ul>
    </div>
  )
}

export function SearchBox() {
  const asked = useView((view) => view.search)
  return asked && <Box asked={asked} />
}
