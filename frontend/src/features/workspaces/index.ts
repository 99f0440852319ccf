export { NewWorkspace } from './NewWorkspace'
export { WorkspaceSettings } from './WorkspaceSettings'
