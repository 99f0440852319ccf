/** A search for the next module, at the pointer; after a dropped wire or within one, only modules that fit. */
import { Kbd } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Fragment, useMemo, useState, type KeyboardEvent } from 'react'
import { findModules, type Catalogue, type Module } from '../../core/catalogue/catalogue'
import { preferredPort } from '../../core/graph/connect'
import { splitEdge } from '../../core/graph/insert'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph } from '../../state/document'
import { addNode } from '../../state/edit'
import { openSearch, useView, type SearchBox as Asked } from '../../state/view'
import { Tile } from '../../ui/Tile'
import classes from './SearchBox.module.css'

const MOST = 60
const WIDTH = 300
const HEIGHT = 380

/** Whether a module fits where it was asked for; null where any does. */
function fitsWhere({ joined, onto, after }: Asked, catalogue: Catalogue): ((module: Module) => boolean) | null {
  if (joined) return (module) => preferredPort(module, joined.kind, joined.side) !== undefined
  if (onto) return (module) => splitEdge(currentGraph(), catalogue, '', module.id, onto) !== null
  const gives = catalogue.module(currentGraph().nodes[after ?? '']?.module ?? '')?.outputs ?? []
  return gives.length > 0 ? (module) => gives.some(({ kind }) => preferredPort(module, kind, 'output')) : null
}

interface Group {
  title: string
  modules: Module[]
}

/** What fits comes first until something is typed, and is all there is for a wire. */
function useGroups(asked: Asked, query: string): Group[] {
  const catalogue = useCatalogue()
  return useMemo(() => {
    const fits = fitsWhere(asked, catalogue)
    const found = findModules(catalogue.modules, query).slice(0, MOST)
    const only = asked.joined !== undefined || asked.onto !== undefined
    if (!fits || (query.trim() && !only)) return [{ title: '', modules: found }]
    const fitting = only ? findModules(catalogue.modules.filter(fits), query).slice(0, MOST) : found.filter(fits)
    const groups = [{ title: `Fits (${fitting.length})`, modules: fitting }, { title: 'Other modules', modules: only ? [] : found.filter((module) => !fits(module)) }]
    return groups.filter(({ modules }) => modules.length > 0)
  }, [catalogue, asked, query])
}

/** Kept inside the window, however close the pointer is to its edge. */
const place = ([x, y]: readonly [number, number]) => ({
  left: Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8)),
  top: Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8)),
  width: WIDTH, maxHeight: HEIGHT,
})

function wantedWords({ joined, onto }: Asked, catalogue: Catalogue): string {
  if (joined) return `Modules that ${joined.side === 'output' ? 'take' : 'give'} ${catalogue.kind(joined.kind).words}`
  return onto ? 'Insert a module' : 'Add a module'
}

interface RowProps {
  module: Module
  active: boolean
  onTake(): void
  onPoint(): void
}

function Row({ module, active, onTake, onPoint }: RowProps) {
  const catalogue = useCatalogue()
  return (
    <li
      id={`match-${module.id}`} role="option" aria-selected={active} className={classes.row}
      ref={active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
      onPointerDown={(event) => { event.preventDefault(); onTake() }} onPointerMove={onPoint}
    >
      <Tile icon={module.icon} hue={catalogue.hue(module.shelf)} />
      <span className={classes.words}>
        <span>{module.title}</span>
        {active && <small>{module.summary}</small>}
      </span>
      {active && <Kbd size="xs" aria-hidden>Enter</Kbd>}
    </li>
  )
}

function Box({ asked }: { asked: Asked }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const groups = useGroups(asked, query)
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
    const added = addNode(module.id, asked.place, { joined: asked.joined, onto: asked.onto, after: asked.after })
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
        {matches.length === 0 && <li className={classes.nothing} role="presentation">No matching module. Try another word.</li>}
      </ul>
    </div>
  )
}

export function SearchBox() {
  const asked = useView((view) => view.search)
  return asked && <Box asked={asked} />
}
