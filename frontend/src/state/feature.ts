/** What a feature or a page adds to the application, declared in its `feature.ts`. That file loads with every page: it has no other content. */
import type { QueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import type { Workspace } from '../core/team/people'

interface PageProps {
  /** Of an address such as /runs/:id; empty for others. */
  id: string
}

type Loaded<Props> = () => Promise<{ default: ComponentType<Props> }>

interface Address {
  path: string
  /** The navigation entry that it belongs to, when the address does not start with that of the entry. */
  under?: string
  /** Fetches what the page reads first, while its code loads; the first render of the application waits for it. */
  prefetch?: (client: QueryClient, id: string) => Promise<unknown>
}

/** A page inside a workspace gets it, and is remounted when it changes. */
type Framed =
  | { frame: 'workspace'; page: Loaded<PageProps & { workspace: Workspace }> }
  | { frame: 'navigation' | 'none'; page: Loaded<PageProps> }

export type PageRoute = Address & Framed

export interface Feature {
  routes?: PageRoute[]
  nav?: { href: string; title: string; order: number }
}
