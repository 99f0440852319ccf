/** The palette: modules by shelf, data, and samples. */
import { ActionIcon, Tabs, TextInput, Tooltip } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { setPanel, useView } from '../../state/view'
import { Keys } from '../../ui/Keys'
import { DataList } from './DataList'
import { useHint } from './Hint'
import { ModuleList } from './ModuleList'
import classes from './Palette.module.css'
import { SampleList } from './SampleList'
import { useRowKeys } from './useRowKeys'

const TABS = [
  { id: 'modules', title: 'Modules', List: ModuleList },
  { id: 'data', title: 'Data', List: DataList },
  { id: 'samples', title: 'Samples', List: SampleList },
]

function Fold() {
  return (
    <Tooltip label="Hide modules ([)" position="bottom">
      <ActionIcon size={24} onClick={() => setPanel('palette', false)} aria-label="Hide modules" aria-expanded><IconLayoutSidebarLeftCollapse size={16} stroke={1.6} /></ActionIcon>
    </Tooltip>
  )
}

/** Moves the focus to the search when another part of the page asks for it; what was typed before goes there. */
function useAsked(field: RefObject<HTMLInputElement | null>, type: (text: string) => void) {
  const asked = useView((view) => view.toPalette)
  useEffect(() => {
    if (!asked) return
    field.current?.focus()
    if (asked.typed) type(asked.typed)
    useView.setState({ toPalette: null })
  }, [asked, field, type])
}

/** `fold` is false where the palette is no panel of its own. */
export function Palette({ fold = true }: { fold?: boolean }) {
  const [tab, setTab] = useState('modules')
  const [query, setQuery] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const { listeners: keys, toFirst } = useRowKeys(list, field)
  const { hint, listeners } = useHint()
  useAsked(field, setQuery)
  const { id, List } = TABS.find((each) => each.id === tab) ?? { id: 'modules', List: ModuleList }
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && query === '') useView.getState().canvas?.focus()
    else if (event.key === 'Escape') setQuery('')
    else if (event.key === 'ArrowDown' || event.key === 'Enter') toFirst()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section className={classes.palette} aria-label="Modules and data">
      <div className={classes.tabs}>
        <Tabs value={tab} onChange={(next) => setTab(next ?? 'modules')} variant="none" h="100%" flex={1}>
          <Tabs.List className={classes.tabList} aria-label="What to add">
            {TABS.map(({ id: each, title }) => <Tabs.Tab key={each} value={each} className={classes.tab}>{title}</Tabs.Tab>)}
          </Tabs.List>
        </Tabs>
        {fold && <Fold />}
      </div>
      <TextInput
        ref={field} className={classes.find} size="xs" type="search" value={query} onChange={(event) => setQuery(event.currentTarget.value)} onKeyDown={onSearchKey}
        leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />} rightSection={query === '' && <span className={classes.slash}><Keys shortcut="/" /></span>}
        placeholder={`Search ${id}`} aria-label={`Search ${id}`}
      />
      <div
        ref={list} className={classes.body} {...listeners}
        onFocus={(event) => { keys.onFocus(event); listeners.onFocus(event) }} onKeyDown={(event) => { listeners.onKeyDown(); keys.onKeyDown(event) }}
      >
        <List query={query} />
      </div>
      {hint}
    </section>
  )
}
