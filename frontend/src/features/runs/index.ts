export { RunHistory } from './RunHistory'
export { RunPage } from './RunPage'
export { RunsPage } from './RunsPage'
export { RunTimeline } from './RunTimeline'
