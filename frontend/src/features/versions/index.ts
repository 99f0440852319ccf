export { Versions } from './Versions'
