/** What the commands offer: cards to go to, modules to add, actions, and other pipelines. */
import { useMantineColorScheme } from '@mantine/core'
import { IconEye, IconHelp, IconPencil, IconPlayerPlay, IconPlus, IconSitemap, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { findModules, missingExtra } from '../../core/catalogue/catalogue'
import { nodeTitle } from '../../core/graph/connect'
import { flowOrder } from '../../core/graph/flowOrder'
import { useCatalogue } from '../../state/catalogue'
import { contributed, type Command } from '../../state/contributions'
import { currentGraph, useDocument } from '../../state/document'
import { showNode } from '../../state/drawn'
import { addNode } from '../../state/edit'
import { openHelp } from '../../state/help'
import { pipelinesQuery } from '../../state/pipelines'
import { onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import { Tile } from '../../ui/Tile'
import { matching } from './matching'

export interface Entry {
  id: string
  title: string
  icon: ReactNode
  keys?: string[]
  on?: boolean
  /** Search terms beside its title. */
  more?: string
  run(): void
}

export interface Group {
  title: string
  entries: Entry[]
}

function goToCard(id: string) {
  const { canvas } = useView.getState()
  showNode(id)
  canvas?.reveal(id)
  canvas?.focus(id)
}

function add(module: string) {
  const { canvas } = useView.getState()
  const added = canvas && addNode(module, canvas.middle(), { anywhere: true, after: onlyChosen(useSelection.getState()) })
  if (added) goToCard(added)
}

const ICONS: Record<Command['section'], Icon> = { Run: IconPlayerPlay, Add: IconPlus, Edit: IconPencil, View: IconEye }
const icon = (Drawn: Icon) => <Drawn size={16} stroke={1.6} aria-hidden />

function useActions(): Entry[] {
  const { toggleColorScheme } = useMantineColorScheme()
  const available = contributed.commands.filter((command) => !command.gesture && command.id !== 'commands' && (command.can?.() ?? true))
  return [
    ...available.map(({ id, title, keys, section, on, run }) => ({ id, title, keys, run, on: on?.(), more: section, icon: icon(ICONS[section]) })),
    { id: 'scheme', title: 'Switch between light and dark theme', more: 'View', icon: icon(IconEye), run: toggleColorScheme },
  ]
}

function useCards(): Entry[] {
  const catalogue = useCatalogue()
  const graph = currentGraph()
  const folded = Object.entries(graph.groups ?? {}).map(([id, { title }]) => ({ id: `card ${id}`, title, icon: <Tile icon="stack-2" hue={catalogue.hue('')} />, run: () => goToCard(id) }))
  const cards = flowOrder(graph).map((id) => {
    const module = catalogue.module(graph.nodes[id]?.module ?? '')
    return { id: `card ${id}`, title: nodeTitle(graph, catalogue, id), icon: <Tile icon={module?.icon} hue={catalogue.hue(module?.shelf ?? '')} />, run: () => goToCard(id) }
  })
  return [...cards, ...folded]
}

function useModules(query: string): Entry[] {
  const catalogue = useCatalogue()
  if (useDocument.getState().readOnly) return []
  return findModules(catalogue.modules, query).filter((module) => !missingExtra(module)).map(({ id, title, icon: glyph, shelf }) => ({ id: `add ${id}`, title, icon: <Tile icon={glyph} hue={catalogue.hue(shelf)} />, run: () => add(id) }))
}

/** The help of every module, those that cannot be added too. */
function useHelp(query: string): Entry[] {
  return findModules(useCatalogue().modules, query).map(({ id, title }) => ({ id: `help ${id}`, title: `Help: ${title}`, icon: icon(IconHelp), run: () => openHelp(id) }))
}

function usePipelines(workspace: string | undefined): Entry[] {
  const [, navigate] = useLocation()
  const here = useDocument((state) => state.pipelineId)
  const { data = [] } = useQuery({ ...pipelinesQuery(workspace), enabled: workspace !== undefined })
  return data.filter(({ id }) => id !== here).map(({ id, name }) => ({ id: `pipeline ${id}`, title: name, icon: icon(IconSitemap), run: () => navigate(`/pipelines/${id}`) }))
}

const MOST = 8
const MOST_HELP = 3

/** Without a query, the actions only: they are what one comes for without a name in mind. */
export function useGroups(query: string, workspace: string | undefined): Group[] {
  const [actions, cards, modules, help, pipelines] = [useActions(), useCards(), useModules(query), useHelp(query), usePipelines(workspace)]
  if (!query.trim()) return [{ title: 'Actions', entries: actions }]
  return [
    { title: 'On this canvas', entries: matching(cards, query).slice(0, MOST) },
    { title: 'Add a module', entries: modules.slice(0, MOST) },
    { title: 'Actions', entries: matching(actions, query).slice(0, MOST) },
    { title: 'Help', entries: help.slice(0, MOST_HELP) },
    { title: 'Pipelines', entries: matching(pipelines, query).slice(0, MOST) },
  ].filter(({ entries }) => entries.length > 0)
}
