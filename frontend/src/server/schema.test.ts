/** Compares the handwritten types with the OpenAPI schema; tsc fails in this file when the two differ. */
import { afterEach, expect, it, vi } from 'vitest'
import openapi from '../../openapi.json'
import type { AuditPage } from '../core/team/audit'
import type { Palette } from '../core/catalogue/catalogue'
import { DEFAULT_READING, type Dataset } from '../core/data/datasets'
import type { GraphDocument } from '../core/graph/graph'
import type { Me, Member, NewToken, Token, Workspace } from '../core/team/people'
import type { Problem } from '../core/base/problems'
import type { Cleaned, StoreUse, WorkspaceLimits } from '../core/team/quota'
import type { BuildLog, Environment } from '../core/team/environments'
import type { Estimates } from '../core/runs/estimates'
import type { Report } from '../core/data/reports'
import type { Run, RunBrief, RunEvent } from '../core/runs/runs'
import type { Profile, RowsPage } from '../core/data/tables'
import type { Explanation } from '../core/runs/explanation'
import type { ErrorBody } from '../core/base/apiError'
import * as rest from './rest'
import type { components } from './schema.generated'
import written from './schema.generated.ts?raw'

/** Free JSON may be anything; all other types are the schema's. */
type Plain<T> = unknown extends T ? any // eslint-disable-line @typescript-eslint/no-explicit-any
  : T extends readonly unknown[] | Record<string, unknown> ? { [K in keyof T]: Plain<T[K]> } : T
type Told<Name extends keyof components['schemas']> = Plain<components['schemas'][Name]>
/** The schema's type is assignable to the handwritten one. */
type Fits<Hand, Given extends Hand> = [Hand, Given]

export type Agreed = [
  Fits<Me, Told<'Me'>>, Fits<Workspace, Told<'Workspace'>>, Fits<Member, Told<'Member'>>, Fits<Token, Told<'Token'>>, Fits<NewToken, Told<'NewToken'>>,
  Fits<Palette, Told<'Palette'>>, Fits<GraphDocument, Told<'Graph'>>, Fits<Problem, Told<'Problem'>>, Fits<ErrorBody, Told<'Error'>['error']>,
  Fits<rest.Pipeline, Told<'Pipeline'>>, Fits<rest.Sample, Told<'Sample'>>, Fits<rest.Version, Told<'Version'>>, Fits<rest.Check, Told<'Check'>>,
  Fits<RunBrief, Told<'RunBrief'>>, Fits<Run, Told<'Run'>>, Fits<Dataset, Told<'Dataset'>>, Fits<RowsPage, Told<'Rows'>>, Fits<Profile, Told<'Profile'>>,
  Fits<Explanation, Told<'Why'>>, Fits<Estimates, Told<'Estimates'>>, Fits<WorkspaceLimits, Told<'WorkspaceLimits'>>, Fits<StoreUse, Told<'Store'>>, Fits<Cleaned, Told<'Cleaned'>>,
  Fits<Environment, Told<'Environment'>>, Fits<AuditPage, Told<'AuditPage'>>, Fits<BuildLog, Told<'BuildLog'>>,
  // The keys of an event or a block depend on its type, which the schema cannot express.
  Fits<Pick<RunEvent, 'seq' | 'at' | 'type'>, Told<'Event'>>, Fits<Omit<Report, 'blocks'>, Told<'Report'>>,
]

const SENT: Record<string, unknown[]> = {
  getMe: [], getModules: [], getSamples: [], openSample: ['s'], getPipelines: ['w'], createPipeline: [{ name: 'n' }], getPipeline: ['p'], renamePipeline: ['p', 'n'],
  deletePipeline: ['p'], getGraph: ['p'], putGraph: ['p', {}, 1], checkPipeline: ['p'], getVersions: ['p'], createVersion: ['p', 'n'], startRun: ['p', { to: null, force: false }], runAgain: ['r'], getEstimates: ['p'], getWhy: ['r', 'n'],
  getRuns: [{ workspace: 'w' }], getRun: ['r'], getEvents: ['r', 3], cancelRun: ['r'], getRows: [{ run: 'r', node: 'n', port: 'o' }, { sort: null, filters: [], search: '' }, 0, 9],
  getProfile: [{ dataset: 'd' }], getReport: [{ run: 'r', node: 'n', port: 'o' }], getDatasets: ['w'], getDataset: ['d'], renameDataset: ['d', { title: 't' }], deleteDataset: ['d'],
  getWorkspaces: [], createWorkspace: ['n'], renameWorkspace: ['w', 'n'], deleteWorkspace: ['w'], getEnvironments: ['w'], createEnvironment: [{ name: 'n', requirements: '' }], buildEnvironment: ['e'], deleteEnvironment: ['e'], getBuildLog: ['e', 0],
  getLimits: ['w'], changeLimits: ['w', {}], getStore: ['w'], cleanStore: ['w', true], getMembers: ['w'], addMember: ['w', 'e', 'viewer'],
  changeRole: ['w', 'u', 'viewer'], removeMember: ['w', 'u'], invite: ['w', 'viewer'], getTokens: [], createToken: [{ name: 'n' }], changePassword: ['p', 'c'], getSignIns: [], getAudit: ['w', { who: 'a' }, 3], deleteToken: ['t'],
}
/** Exports that send no request, and uploads, which do not use fetch. */
const OTHER = ['ApiError', 'asApiError', 'downloadUrl', 'auditUrl', 'uploadDataset', 'uploadVersion']

const known = Object.entries(openapi.paths).map(([path, methods]) => ({ path: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`), methods: Object.keys(methods) }))
const isKnown = (method: string, address: string) => known.some(({ path, methods }) => path.test(address.replace(/\?.*/, '')) && methods.includes(method.toLowerCase()))

afterEach(() => vi.unstubAllGlobals())

it('tries every function that asks the server', () => {
  expect(Object.keys(rest).filter((name) => !OTHER.includes(name)).sort()).toEqual(Object.keys(SENT).sort())
})

it.each(Object.entries(SENT))('%s asks an address that the server has', async (name, sent) => {
  const asked: [string, string][] = []
  vi.stubGlobal('document', { cookie: '' })
  vi.stubGlobal('fetch', (address: string, { method }: { method: string }) => {
    asked.push([method, address])
    return Promise.resolve(new Response('{}'))
  })
  await (rest as unknown as Record<string, (...sent: unknown[]) => Promise<unknown>>)[name]?.(...sent)
  expect(asked.map(([method, address]) => [method, address, isKnown(method, address)])).toEqual(asked.map((call) => [...call, true]))
  expect(asked).toHaveLength(1)
})

it('has the types of openapi.json', async () => {
  const { default: generate, astToString, COMMENT_HEADER } = await import('openapi-typescript')
  const made = COMMENT_HEADER + astToString(await generate(openapi as never, { arrayLength: true }))
  expect(written === made, 'run: npm run types').toBe(true)
})

it('shows the missing-value words that the server takes when none are given', () => {
  const said = openapi.components.schemas.UploadRequest.properties.missing_words.description
  expect(said).toContain(`Usual: ${DEFAULT_READING.missingWords}.`)
})
