import { Button, Skeleton, Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { findModules, type Module, type Shelf } from '../../core/catalogue/catalogue'
import { loadCatalogue, useCatalogue, useCatalogueState } from '../../state/catalogue'
import { save, load } from '../../state/storage'
import { ModuleRow } from '../../ui/ModuleRow'
import { hueStyle } from '../../ui/hueStyle'
import { Draggable } from './Draggable'
import classes from './Palette.module.css'

const CLOSED = 'palette.closed'

function Item({ module, hue }: { module: Module; hue: number }) {
  return (
    <Draggable module={module.id} hint={module.summary}>
      <ModuleRow title={module.title} summary={module.summary} icon={module.icon} hue={hue} />
    </Draggable>
  )
}

function ShelfSection({ shelf, modules, open, onToggle }: { shelf: Shelf; modules: Module[]; open: boolean; onToggle: () => void }) {
  return (
    <section>
      <button type="button" className={classes.shelf} aria-expanded={open} onClick={onToggle}>
        <IconChevronRight size={14} aria-hidden className={classes.chevron} />
        <span className={`shelf ${classes.swatch}`} style={hueStyle(shelf.hue)} />
        <span>{shelf.title}</span>
        <span className={`${classes.count} figures`}>{modules.length}</span>
      </button>
      {open && modules.map((module) => <Item key={module.id} module={module} hue={shelf.hue} />)}
    </section>
  )
}

function Found({ query }: { query: string }) {
  const catalogue = useCatalogue()
  const found = findModules(catalogue.modules, query)
  if (found.length === 0) return <Text fz={13} c="dimmed" p="sm">No module matches “{query}”. Try a broader word, such as “join” or “missing”.</Text>
  return found.map((module) => <Item key={module.id} module={module} hue={catalogue.hue(module.shelf)} />)
}

export function ModuleList({ query }: { query: string }) {
  const catalogue = useCatalogue()
  const state = useCatalogueState()
  const [closed, setClosed] = useState(() => load<string[]>(CLOSED, []))
  const toggle = (shelf: string) => {
    const next = closed.includes(shelf) ? closed.filter((each) => each !== shelf) : [...closed, shelf]
    setClosed(next)
    save(CLOSED, next)
  }
  if (state === 'failed') return <Text fz={13} c="dimmed" p="sm">The modules could not be loaded. <Button size="compact-xs" variant="default" onClick={() => void loadCatalogue()}>Try again</Button></Text>
  if (state !== 'ready') return [1, 2, 3, 4, 5].map((at) => <Skeleton key={at} h={28} m={8} />)
  if (query.trim()) return <Found query={query} />
  return catalogue.shelves.map((shelf) => {
    const modules = catalogue.modules.filter((module) => module.shelf === shelf.id)
    return modules.length > 0 && <ShelfSection key={shelf.id} shelf={shelf} modules={modules} open={!closed.includes(shelf.id)} onToggle={() => toggle(shelf.id)} />
  })
}
