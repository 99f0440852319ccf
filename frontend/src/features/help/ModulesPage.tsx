/** Every module by shelf, with a search over titles, other names and what they do. */
import { TextInput } from '@mantine/core'
import { IconCloudOff, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { findModules, missingExtra, type Module } from '../../core/catalogue/catalogue'
import { counted } from '../../core/base/numbers'
import { loadCatalogue, useCatalogue, useCatalogueState } from '../../state/catalogue'
import { helpAddress } from '../../state/help'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { Tile } from '../../ui/Tile'
import classes from './help.module.css'

function Entry({ module }: { module: Module }) {
  const hue = useCatalogue().hue(module.shelf)
  const extra = missingExtra(module)
  return (
    <li>
      <Link href={helpAddress(module.id)} className={classes.entry}>
        <Tile icon={module.icon} hue={hue} size={28} />
        <span><strong>{module.title}</strong>{extra && <span className={classes.extra}>needs the extra “{extra.name}”</span>}<span className={classes.soft}>{module.summary}</span></span>
      </Link>
    </li>
  )
}

const List = ({ modules }: { modules: Module[] }) => <ul className={classes.entries}>{modules.map((module) => <Entry key={module.id} module={module} />)}</ul>

function Modules({ query }: { query: string }) {
  const { shelves, modules } = useCatalogue()
  const state = useCatalogueState()
  if (state === 'failed') return <Empty failed title="The modules could not be loaded" icon={IconCloudOff}>Reload the page to try again.</Empty>
  if (state !== 'ready') return <ListSkeleton rows={12} />
  const found = findModules(modules, query)
  if (found.length === 0) return <Box><Empty title={`No module matches “${query}”`} icon={IconSearch}>Try a broader word, such as “join” or “missing”.</Empty></Box>
  if (query.trim()) return <Box title={counted(found.length, 'module')}><List modules={found} /></Box>
  return <div className={classes.parts}>{shelves.map(({ id, title }) => <Box key={id} title={title}><List modules={modules.filter(({ shelf }) => shelf === id)} /></Box>)}</div>
}

export default function ModulesPage() {
  const [asked, setAsked] = useSearchParams()
  const [query, setQuery] = useState(asked.get('search') ?? '')
  useEffect(() => void loadCatalogue(), [])
  const search = (words: string) => {
    setQuery(words)
    setAsked(words.trim() ? { search: words } : {}, { replace: true })
  }
  return (
    <Page
      title="Modules"
      actions={<TextInput className={classes.search} type="search" aria-label="Search modules" placeholder="Search modules" leftSection={<IconSearch size={14} aria-hidden />} value={query} onChange={(event) => search(event.currentTarget.value)} />}
    >
      <Modules query={query} />
    </Page>
  )
}
