export { DatasetPage } from './DatasetPage'
