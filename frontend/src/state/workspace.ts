/** The workspace whose pipelines, data and runs are shown: the last one chosen in this browser, else the first. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { create } from 'zustand'
import { mayEdit, workspaceOf, type Workspace } from '../core/team/people'
import { meQuery } from './me'
import { save, load } from './storage'

const KEY = 'workspace'

const useChosen = create<{ id: string | null }>(() => ({ id: load<string | null>(KEY, null) }))

export function chooseWorkspace(id: string) {
  save(KEY, id)
  useChosen.setState({ id })
}

/** `asking` until the user's memberships are known; `failed` when they could not be fetched. */
export function useWorkspace(): { workspace: Workspace | undefined; all: Workspace[]; asking: boolean; failed: Error | null; retry: () => void } {
  const { data: me, isPending, error, refetch } = useQuery(meQuery)
  const chosen = useChosen((state) => state.id)
  const all = me?.workspaces ?? []
  return { workspace: workspaceOf(all, chosen), all, asking: isPending, failed: me ? null : error, retry: () => void refetch() }
}

/** Whether the user may change objects of a workspace; objects without a workspace, the samples, are read-only. */
export function useMayEdit(workspace: string | null | undefined): boolean {
  const { all } = useWorkspace()
  return mayEdit(all.find(({ id }) => id === workspace))
}

/** Opening an object of another workspace makes that workspace current: the lists beside it are of the same. */
export function useEnter(workspace: string | null | undefined) {
  const { all } = useWorkspace()
  const mine = all.some(({ id }) => id === workspace)
  useEffect(() => {
    if (mine && workspace) chooseWorkspace(workspace)
  }, [mine, workspace])
}
