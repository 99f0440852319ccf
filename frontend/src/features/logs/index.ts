export { NodeLog } from './NodeLog'
