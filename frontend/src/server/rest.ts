/** Names for the calls of the API that the canvas makes. Addresses, parameters and answers have the types of its description. */

import type { components, operations } from '../core/base/schema.generated'
import type { Schemas } from '../core/base/schemas'
import type { Dataset, Reading } from '../core/data/datasets'
import type { Report } from '../core/data/reports'
import { type Question, questionQuery } from '../core/data/tables'
import type { GraphDocument } from '../core/graph/graph'
import type { RunEvent } from '../core/runs/runs'
import type { Role } from '../core/team/people'
import { addressOf, call, callWhole } from './api'
import { upload } from './http'

export { ApiError, asApiError } from '../core/base/apiError'

/** What requests take. */
type Taken = components['schemas']

export type Sample = Schemas['Sample']
export type ModuleHelp = Schemas['ModuleHelp']
export type Pipeline = Schemas['Pipeline']
export type Template = Schemas['Template']
export type Component = Schemas['Component']
export type ComponentVersion = Schemas['ComponentVersion']
export type Version = Schemas['Version']
/** The whole pipeline unless `to` names nodes; existing results are reused unless `force` or `force_nodes` applies. */
export type StartAsked = Taken['StartRequest']

/** A port of a run. */
export interface PortPlace {
  run: string
  node: string
  port: string
}

/** The source of rows, a profile or a download: a port of a run, or a version of a dataset. */
export type TablePlace = PortPlace | { dataset: string; version?: number | null }

export const getMe = () => call('get', '/api/me/')
export const changePassword = (password: string, current_password?: string) => call('patch', '/api/me/', { body: { password, current_password } })
export const getSignIns = () => call('get', '/api/me/sign-ins/', { query: { limit: 6 } })
export const getAudit = (workspace: string, filter: Record<string, string>, before: number | null) =>
  call('get', '/api/workspaces/{workspace}/audit/', { path: { workspace }, query: { ...filter, before: before ?? undefined } })
export const auditUrl = (workspace: string, filter: Record<string, string>, as: 'csv' | 'jsonl') =>
  addressOf('/api/workspaces/{workspace}/audit/export/', { path: { workspace }, query: { ...filter, as } })
export const getModules = () => call('get', '/api/modules/')
export const getModuleHelp = (module: string) => call('get', '/api/modules/{module}/', { path: { module } })
export const getOptions = (module: string, param: string, choice: string) => call('get', '/api/modules/{module}/options/{param}/', { path: { module, param }, query: { choice } })

export const getSamples = () => call('get', '/api/samples/')
export const openSample = (slug: string, workspace?: string) => call('post', '/api/samples/{slug}/open/', { path: { slug }, body: { workspace } })

export const getPipelines = (workspace?: string) => call('get', '/api/pipelines/', { query: { workspace } })
export const createPipeline = (body: Taken['NewPipelineRequest']) => call('post', '/api/pipelines/', { body })
export const getPipeline = (pipeline: string) => call('get', '/api/pipelines/{pipeline}/', { path: { pipeline } })
export const renamePipeline = (pipeline: string, name: string) => call('patch', '/api/pipelines/{pipeline}/', { path: { pipeline }, body: { name } })
export const deletePipeline = (pipeline: string) => call('delete', '/api/pipelines/{pipeline}/', { path: { pipeline } })

export async function getGraph(pipeline: string): Promise<{ graph: GraphDocument; revision: number }> {
  const { headers, body } = await callWhole('get', '/api/pipelines/{pipeline}/graph/', { path: { pipeline } })
  return { graph: body, revision: Number((headers.get('ETag') ?? '').replace(/\D/g, '')) }
}
export const replaceGraph = (pipeline: string, graph: GraphDocument, revision: number) =>
  call('put', '/api/pipelines/{pipeline}/graph/', { path: { pipeline }, body: graph as Taken['GraphRequest'], headers: { 'If-Match': `"${revision}"` } })
export const checkPipeline = (pipeline: string, signal?: AbortSignal) => call('get', '/api/pipelines/{pipeline}/check/', { path: { pipeline }, signal })
export const getEstimates = (pipeline: string, signal?: AbortSignal) => call('get', '/api/pipelines/{pipeline}/estimates/', { path: { pipeline }, signal })
export const getPipelineUses = (pipeline: string, signal?: AbortSignal) => call('get', '/api/pipelines/{pipeline}/uses/', { path: { pipeline }, signal })
export const getParameters = (pipeline: string) => call('get', '/api/pipelines/{pipeline}/parameters/', { path: { pipeline } })
export const getVersions = (pipeline: string) => call('get', '/api/pipelines/{pipeline}/versions/', { path: { pipeline } })
export const createVersion = (pipeline: string, name: string) => call('post', '/api/pipelines/{pipeline}/versions/', { path: { pipeline }, body: { name } })

export const startRun = (pipeline: string, body: StartAsked) => call('post', '/api/pipelines/{pipeline}/runs/', { path: { pipeline }, body })
export const verifyRun = (run: string) => call('post', '/api/runs/{run}/verification/', { path: { run } })
export const getVerdict = (run: string) => call('get', '/api/runs/{run}/verification/', { path: { run } })
export const getLineage = (query: operations['lineage_retrieve']['parameters']['query']) => call('get', '/api/lineage/', { query })
export const runAgain = (run: string) => call('post', '/api/runs/{run}/again/', { path: { run } })
export const getRuns = (query: { workspace?: string; pipeline?: string } = {}) => call('get', '/api/runs/', { query })
export const getComponents = (workspace: string) => call('get', '/api/components/', { query: { workspace } })
export const createComponent = (body: Taken['NewComponentRequest']) => call('post', '/api/components/', { body })
export const publishComponent = (component: string, body: Taken['NewComponentVersionRequest']) => call('post', '/api/components/{component}/versions/', { path: { component }, body })
export const getTemplates = (workspace: string) => call('get', '/api/templates/', { query: { workspace } })
export const createTemplate = (body: Taken['NewTemplateRequest']) => call('post', '/api/templates/', { body })
export const changeTemplate = (template: string, body: Taken['PatchedTemplateEditRequest']) => call('patch', '/api/templates/{template}/', { path: { template }, body })
export const deleteTemplate = (template: string) => call('delete', '/api/templates/{template}/', { path: { template } })
export const openTemplate = (template: string, body: Taken['FromTemplateRequest']) => call('post', '/api/templates/{template}/pipelines/', { path: { template }, body })

export const startSweep = (body: Taken['StartSweepRequest']) => call('post', '/api/sweeps/', { body })
export const getSweeps = (workspace: string) => call('get', '/api/sweeps/', { query: { workspace } })
export const getSweep = (sweep: string) => call('get', '/api/sweeps/{sweep}/', { path: { sweep } })
export const cancelSweep = (sweep: string) => call('post', '/api/sweeps/{sweep}/cancel/', { path: { sweep } })
export const getItems = (run: string, node: string, query: NonNullable<operations['runs_steps_items_retrieve']['parameters']['query']>, signal?: AbortSignal) =>
  call('get', '/api/runs/{run}/steps/{node}/items/', { path: { run, node }, query, signal })
export const getBestItems = (run: string, node: string, fan: number) => call('get', '/api/runs/{run}/steps/{node}/items/best/', { path: { run, node }, query: { fan } })
export const getRun = (run: string) => call('get', '/api/runs/{run}/', { path: { run } })
/** The keys of an event depend on its type, which the description does not tell. */
export const getEvents = (run: string, after: number) =>
  call('get', '/api/runs/{run}/events/', { path: { run }, query: { after } }) as Promise<{ events: RunEvent[]; last: number }>
/** `columns` compares changed tables, which takes longer. */
export const getWhy = (run: string, node: string, columns: boolean) => call('get', '/api/runs/{run}/steps/{node}/why/', { path: { run, node }, query: { columns } })
export const cancelRun = (run: string) => call('post', '/api/runs/{run}/cancel/', { path: { run } })

const OUTPUT = '/api/runs/{run}/outputs/{node}/{port}'
const DATASET = '/api/datasets/{dataset}'
const versionOf = ({ version }: { version?: number | null }) => ({ version: version ?? undefined })

export function getRows(place: TablePlace, question: Question, offset: number, limit: number, signal?: AbortSignal) {
  const query = questionQuery(question, offset, limit)
  return 'run' in place
    ? call('get', `${OUTPUT}/rows/`, { path: place, query, signal })
    : call('get', `${DATASET}/rows/`, { path: place, query: { ...query, ...versionOf(place) }, signal })
}
export const getProfile = (place: TablePlace) =>
  'run' in place ? call('get', `${OUTPUT}/profile/`, { path: place }) : call('get', `${DATASET}/profile/`, { path: place, query: versionOf(place) })
/** Saves a value under a name of the workspace; an existing name of the same kind gets a further version. */
export const saveOutput = (place: PortPlace, name: string) => call('post', `${OUTPUT}/save/`, { path: { ...place }, body: { name } })
/** Creates a pipeline of the one that a report holds: that of the winner of a search, or of another candidate. */
export const reopenPipeline = (place: PortPlace, candidate?: string) => call('post', `${OUTPUT}/pipeline/`, { path: { ...place }, body: { candidate } })
/** The same as a Python script with its data. */
export const candidateCodeUrl = (place: PortPlace, candidate: string) => addressOf(`${OUTPUT}/pipeline/`, { path: { ...place }, query: { candidate, format: 'script', with_data: true } })
/** The keys of a block depend on its type, too. */
export const getReport = (place: PortPlace) => call('get', `${OUTPUT}/report/`, { path: place }) as Promise<unknown> as Promise<Report>

export const downloadUrl = (place: TablePlace, as: string) =>
  'run' in place ? addressOf(`${OUTPUT}/download/`, { path: { ...place }, query: { as } }) : addressOf(`${DATASET}/download/`, { path: { ...place }, query: { version: place.version, as } })

export const getDatasets = (workspace?: string, kind?: string) => call('get', '/api/datasets/', { query: { workspace, kind } })
export const getDataset = (dataset: string) => call('get', '/api/datasets/{dataset}/', { path: { dataset } })
export const renameDataset = (dataset: string, body: Taken['PatchedDatasetEditRequest']) => call('patch', '/api/datasets/{dataset}/', { path: { dataset }, body })
export const deleteDataset = (dataset: string) => call('delete', '/api/datasets/{dataset}/', { path: { dataset } })

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
  upload<Dataset>(addressOf('/api/datasets/{dataset}/versions/', { path: { dataset: id } }), formOf({ file, ...fieldsOf(reading) }), onProgress, signal)

function fieldsOf(reading?: Reading): Record<string, string> {
  return reading ? { missing_words: reading.missingWords, missing_in_text: String(reading.missingInText), dates: reading.dates } : {}
}

function formOf(fields: Record<string, File | string | undefined>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  return form
}

export const getModels = (workspace?: string) => call('get', '/api/models/', { query: { workspace } })
export const getModel = (model: string) => call('get', '/api/models/{model}/', { path: { model } })
export const getModelVersion = (model: string, number: number) => call('get', '/api/models/{model}/versions/{number}/', { path: { model, number: String(number) } })
/** Equal content gives the version that has it. */
export const registerModel = ({ run, node, port }: PortPlace, name: string, note: string) => call('post', '/api/models/', { body: { run, node, port, name, note } })
/** Answers when the file is read, or after 20 seconds. */
export const importModel = (file: File, { features, classes, ...fields }: { name: string; workspace: string; features: object[]; classes: string[] } & Record<'note' | 'task' | 'label', string>, onProgress?: (share: number) => void) =>
  upload<Schemas['ModelImport']>('/api/models/imports/', formOf({ file, ...fields, features: JSON.stringify(features), classes: JSON.stringify(classes) }), onProgress)
export const getModelImport = (id: string) => call('get', '/api/models/imports/{import_}/', { path: { import_: id } })
export const getOnnxFile = (model: string, number: number) => call('get', '/api/models/{model}/versions/{number}/onnx/', { path: { model, number: String(number) } })
export const writeOnnxFile = (model: string, number: number) => call('post', '/api/models/{model}/versions/{number}/onnx/', { path: { model, number: String(number) } })
export const changeModel = (model: string, body: Taken['PatchedModelEditRequest']) => call('patch', '/api/models/{model}/', { path: { model }, body })
export const deleteModel = (model: string, evenIfUsed: boolean) => call('delete', '/api/models/{model}/', { path: { model }, query: { even_if_used: evenIfUsed } })
export const deleteModelVersion = (model: string, number: number, evenIfUsed: boolean) =>
  call('delete', '/api/models/{model}/versions/{number}/', { path: { model, number: String(number) }, query: { even_if_used: evenIfUsed } })
export const noteModelVersion = (model: string, number: number, note: string) => call('patch', '/api/models/{model}/versions/{number}/', { path: { model, number: String(number) }, body: { note } })
export const setModelStage = (model: string, number: number, body: Taken['StageRequest']) => call('put', '/api/models/{model}/versions/{number}/stage/', { path: { model, number: String(number) }, body })
export const getVersionGates = (model: string, number: number) => call('get', '/api/models/{model}/versions/{number}/gates/', { path: { model, number: String(number) } })
export const setGates = (model: string, gates: object[]) => call('put', '/api/models/{model}/gates/', { path: { model }, body: { gates: gates as Record<string, unknown>[] } })
export const moveAlias = (model: string, alias: string, body: Taken['AliasRequest']) => call('put', '/api/models/{model}/aliases/{alias}/', { path: { model, alias }, body })
export const removeAlias = (model: string, alias: string, query: { expected: number; why: string }) => call('delete', '/api/models/{model}/aliases/{alias}/', { path: { model, alias }, query })
export const getModelHistory = (model: string) => call('get', '/api/models/{model}/history/', { path: { model } })
export const compareModelVersions = (model: string, versions: number[]) => call('get', '/api/models/{model}/compare/', { path: { model }, query: { versions: versions.join(',') } })
export const modelDownloadUrl = (model: string, number: number, as: string) => addressOf('/api/models/{model}/versions/{number}/download/', { path: { model, number }, query: { as } })

export const getWorkspaces = () => call('get', '/api/workspaces/')
export const createWorkspace = (name: string) => call('post', '/api/workspaces/', { body: { name } })
export const renameWorkspace = (workspace: string, name: string) => call('patch', '/api/workspaces/{workspace}/', { path: { workspace }, body: { name } })
export const deleteWorkspace = (workspace: string) => call('delete', '/api/workspaces/{workspace}/', { path: { workspace } })
export const getLimits = (workspace: string) => call('get', '/api/workspaces/{workspace}/limits/', { path: { workspace } })
export const changeLimits = (workspace: string, body: Taken['PatchedLimitsRequest']) => call('patch', '/api/workspaces/{workspace}/limits/', { path: { workspace }, body })
export const getStore = (workspace: string) => call('get', '/api/workspaces/{workspace}/store/', { path: { workspace } })
export const cleanStore = (workspace: string, dry_run: boolean) => call('post', '/api/workspaces/{workspace}/clean/', { path: { workspace }, body: { dry_run } })

export const getEnvironments = (workspace?: string) => call('get', '/api/environments/', { query: { workspace } })
export const createEnvironment = (body: Taken['NewEnvironmentRequest']) => call('post', '/api/environments/', { body })
export const buildEnvironment = (environment: string) => call('post', '/api/environments/{environment}/build/', { path: { environment } })
export const deleteEnvironment = (environment: string) => call('delete', '/api/environments/{environment}/', { path: { environment } })
export const getBuildLog = (environment: string, after: number, signal?: AbortSignal) =>
  call('get', '/api/environments/{environment}/log/', { path: { environment }, query: { after }, signal })

export const getConnections = (workspace?: string) => call('get', '/api/connections/', { query: { workspace } })
export const createConnection = (body: Taken['NewConnectionRequest']) => call('post', '/api/connections/', { body })
export const changeConnection = (connection: string, body: Taken['PlaceRequest']) => call('put', '/api/connections/{connection}/', { path: { connection }, body })
export const deleteConnection = (connection: string) => call('delete', '/api/connections/{connection}/', { path: { connection } })
export const testConnection = (connection: string) => call('post', '/api/connections/{connection}/test/', { path: { connection } })

export const getMembers = (workspace: string) => call('get', '/api/workspaces/{workspace}/members/', { path: { workspace } })
export const addMember = (workspace: string, email: string, role: Role) =>
  call('post', '/api/workspaces/{workspace}/members/', { path: { workspace }, body: { email, role } })
export const changeRole = (workspace: string, user: string, role: Role) =>
  call('patch', '/api/workspaces/{workspace}/members/{user}/', { path: { workspace, user }, body: { role } })
export const removeMember = (workspace: string, user: string) => call('delete', '/api/workspaces/{workspace}/members/{user}/', { path: { workspace, user } })
export const invite = (workspace: string, role: Role) => call('post', '/api/workspaces/{workspace}/invitations/', { path: { workspace }, body: { role } })

export const getTokens = () => call('get', '/api/tokens/')
export const createToken = (body: Taken['TokenAskRequest']) => call('post', '/api/tokens/', { body })
export const deleteToken = (token: string) => call('delete', '/api/tokens/{token}/', { path: { token } })

export const getPublishedOnes = (workspace?: string) => call('get', '/api/published/', { query: { workspace } })
export const getPublished = (published: string) => call('get', '/api/published/{published}/', { path: { published } })
export const createPublished = (body: Taken['NewPublishedRequest']) => call('post', '/api/published/', { body })
export const deletePublished = (published: string) => call('delete', '/api/published/{published}/', { path: { published } })
export const publishPipeline = (published: string, body: Taken['NewPublishedVersionRequest']) => call('post', '/api/published/{published}/versions/', { path: { published }, body })
export const getDefaults = (published: string) => call('get', '/api/published/{published}/default/', { path: { published } })
export const moveDefault = (published: string, body: Taken['PublishedDefaultRequest']) => call('put', '/api/published/{published}/default/', { path: { published }, body })
export const getPublishedKeys = (published: string) => call('get', '/api/published/{published}/keys/', { path: { published } })
export const createPublishedKey = (published: string, body: Taken['NewPublishedKeyRequest']) => call('post', '/api/published/{published}/keys/', { path: { published }, body })
export const revokePublishedKey = (published: string, client: string) => call('delete', '/api/published/{published}/keys/{client}/', { path: { published, client } })
export const getPublishedRuns = (published: string) => call('get', '/api/published/{published}/runs/', { path: { published } })
export const startPublished = (published: string, body: Taken['StartPublishedRequest']) => call('post', '/api/published/{published}/runs/', { path: { published }, body })
export const cancelPublished = (published: string, run: string) => call('post', '/api/published/{published}/runs/{run}/cancel/', { path: { published, run } })

export const getEndpoints = (workspace?: string) => call('get', '/api/endpoints/', { query: { workspace } })
export const getEndpoint = (endpoint: string) => call('get', '/api/endpoints/{endpoint}/', { path: { endpoint } })
export const createEndpoint = (body: Taken['NewEndpointRequest']) => call('post', '/api/endpoints/', { body })
export const deleteEndpoint = (endpoint: string) => call('delete', '/api/endpoints/{endpoint}/', { path: { endpoint } })
export const publishVersion = (endpoint: string, body: Taken['NewEndpointVersionRequest']) => call('post', '/api/endpoints/{endpoint}/versions/', { path: { endpoint }, body })
export const runVersion = (endpoint: string, number: number, running: boolean) => call('patch', '/api/endpoints/{endpoint}/versions/{number}/', { path: { endpoint, number }, body: { running } })
export const getMoves = (endpoint: string) => call('get', '/api/endpoints/{endpoint}/alias/', { path: { endpoint } })
export const moveShares = (endpoint: string, body: Taken['EndpointSharesRequest']) => call('put', '/api/endpoints/{endpoint}/alias/', { path: { endpoint }, body })
export const rollBack = (endpoint: string, why: string) => call('post', '/api/endpoints/{endpoint}/rollback/', { path: { endpoint }, body: { why } })
export const getEndpointKeys = (endpoint: string) => call('get', '/api/endpoints/{endpoint}/keys/', { path: { endpoint } })
export const createEndpointKey = (endpoint: string, body: Taken['NewEndpointKeyRequest']) => call('post', '/api/endpoints/{endpoint}/keys/', { path: { endpoint }, body })
export const revokeEndpointKey = (endpoint: string, key: string) => call('delete', '/api/endpoints/{endpoint}/keys/{key}/', { path: { endpoint, key } })
export const getMonitor = (endpoint: string, minutes: number) => call('get', '/api/endpoints/{endpoint}/monitor/', { path: { endpoint }, query: { minutes } })
export const getDrift = (endpoint: string, version?: number) => call('get', '/api/endpoints/{endpoint}/monitor/drift/', { path: { endpoint }, query: { version } })
export const changeMonitoring = (endpoint: string, body: Taken['EndpointMonitorSettingsRequest']) => call('put', '/api/endpoints/{endpoint}/monitor/settings/', { path: { endpoint }, body })
export const getKeeping = (endpoint: string) => call('get', '/api/endpoints/{endpoint}/keeping/', { path: { endpoint } })
export const changeKeeping = (endpoint: string, body: Taken['EndpointKeepingRequest']) => call('put', '/api/endpoints/{endpoint}/keeping/', { path: { endpoint }, body })
export const collectKept = (endpoint: string) => call('post', '/api/endpoints/{endpoint}/keeping/dataset/', { path: { endpoint } })
export const forgetRequest = (endpoint: string, request_id: string) => call('delete', '/api/endpoints/{endpoint}/keeping/rows/', { path: { endpoint }, query: { request_id } })
export const getTruth = (endpoint: string) => call('get', '/api/endpoints/{endpoint}/truth/', { path: { endpoint } })
export const addTruth = (endpoint: string, body: Taken['EndpointTruthRequest']) => call('post', '/api/endpoints/{endpoint}/truth/', { path: { endpoint }, body })
export const testEndpoint = (endpoint: string, body: Taken['EndpointTestRequest']) => call('post', '/api/endpoints/{endpoint}/test/', { path: { endpoint }, body })
/** Schedules and triggers have the same calls, at addresses of their own. */
export const getSchedules = async (workspace: string, published?: string) => {
  const query = { workspace, published }
  const [schedules, triggers] = await Promise.all([call('get', '/api/schedules/', { query }), call('get', '/api/triggers/', { query })])
  return [...schedules, ...triggers].toSorted((one, two) => one.name.localeCompare(two.name))
}
export const previewTimes = (times: unknown, signal?: AbortSignal) => call('get', '/api/schedules/times/', { query: { times: JSON.stringify(times) }, signal })
export const createSchedule = (body: Taken['NewTimesRequest']) => call('post', '/api/schedules/', { body })
export const createTrigger = (body: Taken['NewWatchRequest']) => call('post', '/api/triggers/', { body })
export const changeSchedule = (schedule: string, body: Taken['PatchedTimesRequest']) => call('patch', '/api/schedules/{schedule}/', { path: { schedule }, body })
export const changeTrigger = (schedule: string, body: Taken['PatchedWatchRequest']) => call('patch', '/api/triggers/{trigger}/', { path: { trigger: schedule }, body })

/** A schedule or a trigger. */
interface Scheduled {
  id: string
  kind: 'times' | 'events'
}
export const deleteSchedule = ({ id: schedule, kind }: Scheduled) =>
  kind === 'times' ? call('delete', '/api/schedules/{schedule}/', { path: { schedule } }) : call('delete', '/api/triggers/{trigger}/', { path: { trigger: schedule } })
export const pauseSchedule = ({ id: schedule, kind }: Scheduled, body: Taken['PauseRequest']) =>
  kind === 'times' ? call('post', '/api/schedules/{schedule}/pause/', { path: { schedule }, body }) : call('post', '/api/triggers/{trigger}/pause/', { path: { trigger: schedule }, body })
export const resumeSchedule = ({ id: schedule, kind }: Scheduled, body: Taken['ResumeRequest']) =>
  kind === 'times' ? call('post', '/api/schedules/{schedule}/resume/', { path: { schedule }, body }) : call('post', '/api/triggers/{trigger}/resume/', { path: { trigger: schedule }, body })
export const runSchedule = ({ id: schedule, kind }: Scheduled) =>
  kind === 'times' ? call('post', '/api/schedules/{schedule}/run/', { path: { schedule }, body: {} }) : call('post', '/api/triggers/{trigger}/run/', { path: { trigger: schedule }, body: {} })
export const getTicks = ({ id: schedule, kind }: Scheduled, before?: number) =>
  kind === 'times' ? call('get', '/api/schedules/{schedule}/ticks/', { path: { schedule }, query: { before } }) : call('get', '/api/triggers/{trigger}/ticks/', { path: { trigger: schedule }, query: { before } })
export const getImports = (workspace?: string) => call('get', '/api/imports/', { query: { workspace } })
export const createImport = (body: Taken['NewImportRequest']) => call('post', '/api/imports/', { body })
export const refreshImport = (source: string) => call('post', '/api/imports/{source}/refresh/', { path: { source } })
export const deleteImport = (source: string) => call('delete', '/api/imports/{source}/', { path: { source } })
export const getNotices = (query: { workspace?: string; endpoint?: string }) => call('get', '/api/notices/', { query })
export const getUnread = () => call('get', '/api/notices/unread/')
export const readNotices = (ids?: number[]) => call('post', '/api/notices/read/', { body: { ids } })

export const getScoring = (run: string, scored?: string): Promise<Schemas['Scoring'] | Schemas['Deriving']> => call('get', '/api/runs/{run}/scoring/', { path: { run }, query: { scored } })
export const getProof = (run: string, scored: string) => call('get', '/api/runs/{run}/scoring/parity/', { path: { run }, query: { scored } })
export const startProof = (run: string, scored: string) => call('post', '/api/runs/{run}/scoring/parity/', { path: { run }, query: { scored } })
export const openScoring = (run: string, scored: string) => call('post', '/api/runs/{run}/scoring/pipeline/', { path: { run }, query: { scored } })
export const changeEndpoint = (endpoint: string, body: Taken['PatchedEndpointSettingsRequest']) => call('patch', '/api/endpoints/{endpoint}/', { path: { endpoint }, body })
