import packageJson from '../../package.json'

/** Version of the app, and so of the engine: a part of every result's key. */
export const engineVersion: string = packageJson.version
