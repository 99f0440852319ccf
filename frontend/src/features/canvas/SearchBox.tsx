/** A search for the next module, at the pointer; after a dropped edge, only compatible modules. */
import { useMemo, useState, type KeyboardEvent } from 'react'
import { findModules, type Module } from '../../core/catalogue/catalogue'
import { preferredPort } from '../../core/graph/connect'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph } from '../../state/document'
import { addNode } from '../../state/edit'
import { openSearch, useView, type SearchBox as Asked } from '../../state/view'
import { ModuleRow } from '../../ui/ModuleRow'
import classes from './SearchBox.module.css'

const MOST = 60
const WIDTH = 300
const HEIGHT = 360

function useMatches({ joined, after }: Asked, query: string): Module[] {
  const catalogue = useCatalogue()
  return useMemo(() => {
    const { modules } = catalogue
    if (joined) return findModules(modules.filter((module) => preferredPort(module, joined.kind, joined.side)), query).slice(0, MOST)
    const gives = catalogue.module(currentGraph().nodes[after ?? '']?.module ?? '')?.outputs ?? []
    const takesOne = (module: Module) => gives.some(({ kind }) => preferredPort(module, kind, 'output'))
    // Before any typing, modules that fit the selected card come first.
    const ordered = query.trim() ? modules : modules.toSorted((one, two) => Number(takesOne(two)) - Number(takesOne(one)))
    return findModules(ordered, query).slice(0, MOST)
  }, [catalogue, joined, after, query])
}

/** Kept inside the window, however close the pointer is to its edge. */
const place = ([x, y]: readonly [number, number]) => ({
  left: Math.max(8, Math.min(x, window.innerWidth - WIDTH - 8)),
  top: Math.max(8, Math.min(y, window.innerHeight - HEIGHT - 8)),
  width: WIDTH, maxHeight: HEIGHT,
})

function Box({ asked }: { asked: Asked }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const catalogue = useCatalogue()
  const matches = useMatches(asked, query)
  const [before] = useState(() => document.activeElement as HTMLElement | null)
  const close = () => openSearch(null)
  const giveUp = () => {
    close()
    if (before && before !== document.body) before.focus()
    else useView.getState().canvas?.focus()
  }
  const take = (module: Module | undefined) => {
    if (!module) return
    const added = addNode(module.id, asked.place, { joined: asked.joined, after: asked.after })
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
  const wanted = asked.joined ? `Modules that ${asked.joined.side === 'output' ? 'take' : 'give'} ${catalogue.kind(asked.joined.kind).words}` : 'Add a module'
  return (
    <div className={classes.box} style={place(asked.at)} role="dialog" aria-label={wanted}>
      <input
        autoFocus className={classes.input} placeholder={wanted} value={query} aria-label={wanted} role="combobox" aria-expanded aria-controls="module-matches"
        aria-activedescendant={matches[active] ? `match-${matches[active].id}` : undefined}
        onChange={(event) => { setQuery(event.currentTarget.value); setActive(0) }} onKeyDown={onKeyDown} onBlur={close}
      />
      <ul id="module-matches" className={classes.list} role="listbox">
        {matches.map((module, at) => (
          <li
            key={module.id} id={`match-${module.id}`} role="option" aria-selected={at === active}
            ref={at === active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
            onPointerDown={(event) => { event.preventDefault(); take(module) }} onPointerMove={() => setActive(at)}
          >
            <ModuleRow title={module.title} summary={module.summary} icon={module.icon} hue={catalogue.hue(module.shelf)} active={at === active} />
          </li>
        ))}
        {matches.length === 0 && <li className={classes.nothing}>No matching module. Try another word.</li>}
      </ul>
    </div>
  )
}

export function SearchBox() {
  const asked = useView((view) => view.search)
  return asked && <Box asked={asked} />
}
