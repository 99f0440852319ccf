/** One function per endpoint. Failures are ApiError. */

import type { AuditPage } from '../core/team/audit'
import type { Palette } from '../core/catalogue/catalogue'
import type { Dataset, Reading } from '../core/data/datasets'
import type { GraphDocument } from '../core/graph/graph'
import type { Me, Member, NewToken, Role, Token, Workspace } from '../core/team/people'
import type { Problem } from '../core/base/problems'
import type { BuildLog, Environment } from '../core/team/environments'
import type { Estimates } from '../core/runs/estimates'
import type { Report } from '../core/data/reports'
import type { Cleaned, Limits, StoreUse, WorkspaceLimits } from '../core/team/quota'
import type { Run, RunBrief, RunEvent, RunState } from '../core/runs/runs'
import { type Column, type Profile, type Question, questionString, type RowsPage } from '../core/data/tables'
import type { Explanation } from '../core/runs/explanation'
import { ask, request, upload } from './http'
import type { components } from './schema.generated'

export { ApiError, asApiError } from '../core/base/apiError'

/** Request bodies, from the OpenAPI schema; responses are compared with the types here in schema.test.ts. */
type Taken = components['schemas']

export interface Sample {
  slug: string
  title: string
  summary: string
  modules: number
  graph: GraphDocument
}

export interface Pipeline {
  id: string
  name: string
  workspace: string
  revision: number
  role: Role
  created_at: string
  updated_at: string
  updated_by: string | null
  readable: boolean
  graph_summary: { nodes: [number, number, string][]; edges: [number, number][] }
  last_run: { id: string; state: RunState; created_at: string; finished_at: string | null } | null
}

export interface Version {
  id: string
  name: string
  created_at: string
  created_by: string | null
  graph: GraphDocument
}

export interface Check {
  revision: number
  problems: Problem[]
  columns: Record<string, Record<string, Column[] | null>>
}

/** A port of a run. */
export interface PortPlace {
  run: string
  node: string
  port: string
}

/** The source of rows, a profile or a download: a port of a run, or a version of a dataset. */
export type TablePlace = PortPlace | { dataset: string; version?: number | null }


const part = encodeURIComponent

function query(values: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  return pairs.length ? `?${pairs.map(([key, value]) => `${key}=${part(String(value))}`).join('&')}` : ''
}

export const getMe = () => ask<Me>('/api/me/')
export const changePassword = (password: string, current_password?: string) =>
  ask<Me>('/api/me/', { method: 'PATCH', json: { password, current_password } satisfies Taken['PatchedMeEditRequest'] })
export const getSignIns = () => ask<AuditPage>(`/api/me/sign-ins/${query({ limit: 6 })}`)
export const getAudit = (workspace: string, filter: Record<string, string>, before: number | null) =>
  ask<AuditPage>(`/api/workspaces/${part(workspace)}/audit/${query({ ...filter, before })}`)
export const auditUrl = (workspace: string, filter: Record<string, string>, as: 'csv' | 'jsonl') => `/api/workspaces/${part(workspace)}/audit/export/${query({ ...filter, as })}`
export const getModules = () => ask<Palette>('/api/modules/')

export const getSamples = () => ask<Sample[]>('/api/samples/')
export const openSample = (slug: string, workspace?: string) =>
  ask<Pipeline>(`/api/samples/${part(slug)}/open/`, { method: 'POST', json: (workspace ? { workspace } : {}) satisfies Taken['WhereRequest'] })

export const getPipelines = (workspace?: string) => ask<Pipeline[]>(`/api/pipelines/${query({ workspace })}`)
export const createPipeline = (made: { name?: string; workspace?: string; graph?: unknown; copy_of?: string }) =>
  ask<Pipeline>('/api/pipelines/', { method: 'POST', json: made satisfies Taken['NewPipelineRequest'] })
export const getPipeline = (id: string) => ask<Pipeline>(`/api/pipelines/${part(id)}/`)
export const renamePipeline = (id: string, name: string) =>
  ask<Pipeline>(`/api/pipelines/${part(id)}/`, { method: 'PATCH', json: { name } satisfies Taken['PatchedNameRequest'] })
export const deletePipeline = (id: string) => ask<void>(`/api/pipelines/${part(id)}/`, { method: 'DELETE' })

export async function getGraph(id: string): Promise<{ graph: GraphDocument; revision: number }> {
  const answer = await request(`/api/pipelines/${part(id)}/graph/`)
  const revision = Number((answer.headers.get('ETag') ?? '').replace(/\D/g, ''))
  return { graph: (await answer.json()) as GraphDocument, revision }
}
export const putGraph = (id: string, graph: GraphDocument, revision: number) =>
  ask<GraphDocument>(`/api/pipelines/${part(id)}/graph/`, { method: 'PUT', json: graph, headers: { 'If-Match': `"${revision}"` } })
export const checkPipeline = (id: string, signal?: AbortSignal) => ask<Check>(`/api/pipelines/${part(id)}/check/`, { signal })
export const getEstimates = (id: string, signal?: AbortSignal) => ask<Estimates>(`/api/pipelines/${part(id)}/estimates/`, { signal })
export const getVersions = (id: string) => ask<Version[]>(`/api/pipelines/${part(id)}/versions/`)
export const createVersion = (id: string, name: string) =>
  ask<Version>(`/api/pipelines/${part(id)}/versions/`, { method: 'POST', json: { name } satisfies Taken['NameRequest'] })

/** The whole pipeline unless `to` names nodes; existing results are reused unless `force` or `force_nodes` applies. */
export interface StartAsked {
  to?: string[]
  force?: boolean
  force_nodes?: string[]
  stop_on_failure?: boolean
}

export const startRun = (pipeline: string, asked: StartAsked) => ask<Run>(`/api/pipelines/${part(pipeline)}/runs/`, { method: 'POST', json: asked satisfies Partial<Taken['StartRequest']> })
export const runAgain = (id: string) => ask<Run>(`/api/runs/${part(id)}/again/`, { method: 'POST', json: {} })
export const getRuns = (where: { workspace?: string; pipeline?: string } = {}) => ask<RunBrief[]>(`/api/runs/${query(where)}`)
export const getRun = (id: string) => ask<Run>(`/api/runs/${part(id)}/`)
export const getEvents = (id: string, after: number) => ask<{ events: RunEvent[]; last: number }>(`/api/runs/${part(id)}/events/${query({ after })}`)
export const getWhy = (run: string, node: string) => ask<Explanation>(`/api/runs/${part(run)}/steps/${part(node)}/why/`)
export const cancelRun = (id: string) => ask<void>(`/api/runs/${part(id)}/cancel/`, { method: 'POST', json: {} })

function placePath(place: TablePlace, what: string, parts: string): string {
  if ('run' in place) return `/api/runs/${part(place.run)}/outputs/${part(place.node)}/${part(place.port)}/${what}/${parts && `?${parts}`}`
  const version = place.version ? `version=${place.version}` : ''
  const asked = [version, parts].filter(Boolean).join('&')
  return `/api/datasets/${part(place.dataset)}/${what}/${asked && `?${asked}`}`
}

export const getRows = (place: TablePlace, question: Question, offset: number, limit: number, signal?: AbortSignal) =>
  ask<RowsPage>(placePath(place, 'rows', questionString(question, offset, limit)), { signal })
export const getProfile = (place: TablePlace) => ask<Profile>(placePath(place, 'profile', ''))
export const getReport = (place: TablePlace) => ask<Report>(placePath(place, 'report', ''))
export const downloadUrl = (place: TablePlace, as: string) => placePath(place, 'download', `as=${part(as)}`)

export const getDatasets = (workspace?: string) => ask<Dataset[]>(`/api/datasets/${query({ workspace })}`)
export const getDataset = (id: string) => ask<Dataset>(`/api/datasets/${part(id)}/`)
export const renameDataset = (id: string, names: { title?: string; name?: string }) =>
  ask<Dataset>(`/api/datasets/${part(id)}/`, { method: 'PATCH', json: names satisfies Taken['PatchedDatasetEditRequest'] })
export const deleteDataset = (id: string) => ask<void>(`/api/datasets/${part(id)}/`, { method: 'DELETE' })

export interface Sending {
  file: File
  name?: string
  workspace?: string
  /** The server's defaults when left out. */
  reading?: Reading
  onProgress?: (share: number) => void
  signal?: AbortSignal
}

export const uploadDataset = ({ file, name, workspace, reading, onProgress, signal }: Sending) =>
  upload<Dataset>('/api/datasets/', formOf({ file, name, workspace, ...fieldsOf(reading) }), onProgress, signal)
export const uploadVersion = (id: string, { file, reading, onProgress, signal }: Sending) =>
  upload<Dataset>(`/api/datasets/${part(id)}/versions/`, formOf({ file, ...fieldsOf(reading) }), onProgress, signal)

function fieldsOf(reading?: Reading): Record<string, string> {
  return reading ? { missing_words: reading.missingWords, missing_in_text: String(reading.missingInText), dates: reading.dates } : {}
}

function formOf(fields: Record<string, File | string | undefined>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  return form
}

export const getWorkspaces = () => ask<Workspace[]>('/api/workspaces/')
export const createWorkspace = (name: string) =>
  ask<Workspace>('/api/workspaces/', { method: 'POST', json: { name } satisfies Taken['WorkspaceNameRequest'] })
export const renameWorkspace = (id: string, name: string) =>
  ask<Workspace>(`/api/workspaces/${part(id)}/`, { method: 'PATCH', json: { name } satisfies Taken['PatchedWorkspaceNameRequest'] })
export const deleteWorkspace = (id: string) => ask<void>(`/api/workspaces/${part(id)}/`, { method: 'DELETE' })
export const getLimits = (workspace: string) => ask<WorkspaceLimits>(`/api/workspaces/${part(workspace)}/limits/`)
export const changeLimits = (workspace: string, limits: Limits) => ask<WorkspaceLimits>(`/api/workspaces/${part(workspace)}/limits/`, { method: 'PATCH', json: limits satisfies Taken['PatchedLimitsRequest'] })
export const getStore = (workspace: string) => ask<StoreUse>(`/api/workspaces/${part(workspace)}/store/`)
export const cleanStore = (workspace: string, dry_run: boolean) => ask<Cleaned>(`/api/workspaces/${part(workspace)}/clean/`, { method: 'POST', json: { dry_run } satisfies Taken['CleanRequest'] })

export const getEnvironments = (workspace?: string) => ask<Environment[]>(`/api/environments/${query({ workspace })}`)
export const createEnvironment = (made: { name: string; requirements: string; workspace?: string }) =>
  ask<Environment>('/api/environments/', { method: 'POST', json: made satisfies Taken['NewEnvironmentRequest'] })
export const buildEnvironment = (id: string) => ask<Environment>(`/api/environments/${part(id)}/build/`, { method: 'POST', json: {} })
export const deleteEnvironment = (id: string) => ask<void>(`/api/environments/${part(id)}/`, { method: 'DELETE' })
export const getBuildLog = (id: string, after: number, signal?: AbortSignal) => ask<BuildLog>(`/api/environments/${part(id)}/log/${query({ after })}`, { signal })

export const getMembers = (workspace: string) => ask<Member[]>(`/api/workspaces/${part(workspace)}/members/`)
export const addMember = (workspace: string, email: string, role: Role) =>
  ask<Member>(`/api/workspaces/${part(workspace)}/members/`, { method: 'POST', json: { email, role } satisfies Taken['MemberAddRequest'] })
export const changeRole = (workspace: string, user: string, role: Role) =>
  ask<Member>(`/api/workspaces/${part(workspace)}/members/${part(user)}/`, { method: 'PATCH', json: { role } satisfies Taken['PatchedRoleRequest'] })
export const removeMember = (workspace: string, user: string) =>
  ask<void>(`/api/workspaces/${part(workspace)}/members/${part(user)}/`, { method: 'DELETE' })
export const invite = (workspace: string, role: Role) =>
  ask<Taken['Link']>(`/api/workspaces/${part(workspace)}/invitations/`, { method: 'POST', json: { role } satisfies Taken['RoleRequest'] })

export const getTokens = () => ask<Token[]>('/api/tokens/')
export const createToken = (made: Taken['TokenAskRequest']) => ask<NewToken>('/api/tokens/', { method: 'POST', json: made })
export const deleteToken = (id: string) => ask<void>(`/api/tokens/${part(id)}/`, { method: 'DELETE' })
