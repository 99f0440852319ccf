export { ResultsDrawer } from './ResultsDrawer'
