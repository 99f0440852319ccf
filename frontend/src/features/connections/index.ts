export { Connections } from './Connections'
