/** The components of the workspace of the open pipeline. */
import { useQuery } from '@tanstack/react-query'
import type { Group } from '../core/graph/graph'
import type { Component } from '../server/rest'
import { componentsQuery } from './pipelines'
import { useWorkspace } from './workspace'

/** Undefined until they are known. */
export function useComponents(): Component[] | undefined {
  const { workspace } = useWorkspace()
  return useQuery({ ...componentsQuery(workspace?.id ?? ''), enabled: workspace !== undefined }).data
}

/** Of an instance: its component, null where that is not here; undefined until it is known, and for what is no instance. */
export function useComponentOf(group: Group | undefined): Component | null | undefined {
  const all = useComponents()
  const id = group?.component?.id
  return id === undefined || !all ? undefined : (all.find((each) => each.id === id) ?? null)
}
