export { ResultsDrawer } from './ResultsDrawer'
export { TableChart } from './TableChart'
