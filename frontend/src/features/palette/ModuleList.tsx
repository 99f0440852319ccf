import { Button, Skeleton } from '@mantine/core'
import { IconChevronRight, IconCloudOff, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { findModules, type Module } from '../../core/catalogue/catalogue'
import { loadCatalogue, useCatalogue, useCatalogueState } from '../../state/catalogue'
import { save, load } from '../../state/storage'
import { Empty } from '../../ui/Empty'
import { useFavourites } from './favourites'
import { ComponentList } from './ComponentList'
import { ModuleItem } from './ModuleItem'
import classes from './Palette.module.css'

const CLOSED = 'palette.closed'
const FAVOURITES = 'favourites'

function Items({ modules }: { modules: Module[] }) {
  const catalogue = useCatalogue()
  return modules.map((module) => <ModuleItem key={module.id} module={module} hue={catalogue.hue(module.shelf)} />)
}

interface GroupProps {
  title: string
  modules: Module[]
  open: boolean
  onToggle: () => void
}

function Group({ title, modules, open, onToggle }: GroupProps) {
  if (modules.length === 0) return null
  return (
    <section>
      <button type="button" className={classes.group} data-row tabIndex={-1} aria-expanded={open} onClick={onToggle}>
        <span>{title}</span>
        <IconChevronRight size={12} stroke={1.6} aria-hidden className={classes.chevron} />
        <span className={classes.count}>{modules.length}</span>
      </button>
      {open && <Items modules={modules} />}
    </section>
  )
}

function Found({ query }: { query: string }) {
  const found = findModules(useCatalogue().modules, query)
  if (found.length === 0) return <ComponentList query={query} none={<Empty title={`No module matches “${query}”`} icon={IconSearch}>Try a broader word, such as “join” or “missing”.</Empty>} />
  return <><ComponentList query={query} /><Items modules={found} /></>
}

/** The names of the groups that are folded; remembered in this browser. */
function useClosed() {
  const [closed, setClosed] = useState(() => load<string[]>(CLOSED, []))
  const toggle = (id: string) => {
    const next = closed.includes(id) ? closed.filter((each) => each !== id) : [...closed, id]
    setClosed(next)
    save(CLOSED, next)
  }
  return { isOpen: (id: string) => !closed.includes(id), toggle }
}

export const Loading = () => <div className={classes.skeleton} aria-busy>{[128, 96, 144, 112, 136, 104, 120, 88].map((width) => <Skeleton key={width} h={16} w={width} />)}</div>

export function ModuleList({ query }: { query: string }) {
  const catalogue = useCatalogue()
  const state = useCatalogueState()
  const favourites = useFavourites(({ ids }) => ids)
  const { isOpen, toggle } = useClosed()
  if (state === 'failed') return <Empty failed title="The modules could not be loaded" icon={IconCloudOff} actions={<Button h={28} variant="default" onClick={() => void loadCatalogue()}>Try again</Button>} />
  if (state !== 'ready') return <Loading />
  if (query.trim()) return <Found query={query} />
  const group = (id: string, title: string, modules: Module[]) => <Group key={id} title={title} modules={modules} open={isOpen(id)} onToggle={() => toggle(id)} />
  return (
    <>
      {group(FAVOURITES, 'Favourites', favourites.flatMap((id) => catalogue.module(id) ?? []))}
      <ComponentList query="" />
      {catalogue.shelves.map(({ id, title }) => group(id, title, catalogue.modules.filter(({ shelf }) => shelf === id)))}
    </>
  )
}
