import {
  BufferAttribute, BufferGeometry, Camera, ClampToEdgeWrapping, DataTexture, DoubleSide, Float32BufferAttribute, FloatType, GLSL3, LinearFilter, LineBasicMaterial, LineSegments, Matrix4, Mesh,
  NearestFilter, RawShaderMaterial, RedFormat, RGBAFormat, Scene, SRGBColorSpace, UnsignedByteType, Vector3, WebGLRenderer,
} from 'three'
import { depthWithin } from '../../shared/fields/outline'
import type { DomainOutline } from '../../shared/fields/outline'
import { halfAngle } from './camera'
import type { Box, OrbitCamera, Projector, Vector } from './camera'
import type { FieldRenderer, SceneAppearance } from './field-renderer'
import { surfaceIndices, surfaceNodes } from './height-field'
import type { HeightField } from './height-field'
import { surfaceFragmentShader, surfaceVertexShader } from './surface-shaders'

function dataTexture(values: Float32Array<ArrayBuffer>, width: number, height: number, format: typeof RedFormat | typeof RGBAFormat): DataTexture {
  const texture = new DataTexture(values, width, height, format, FloatType)
  texture.minFilter = texture.magFilter = NearestFilter
  texture.wrapS = texture.wrapT = ClampToEdgeWrapping
  texture.needsUpdate = true
  return texture
}

/** Texels along each side of the rim's texture, and how many of them its slope takes. */
const rimSize = 512
const rimSlope = 16

/** Depth below the rim as a picture: one half on it, more inside. Smooth between texels, so that the cut is. */
function rimTexture(rim: DomainOutline): DataTexture {
  const [x0, x1, y0, y1] = rim.box
  const unit = (rimSlope * Math.max(x1 - x0, y1 - y0)) / rimSize
  const texels = new Uint8Array(rimSize * rimSize)
  for (let j = 0; j < rimSize; j++) {
    for (let i = 0; i < rimSize; i++) {
      const depth = depthWithin(rim, x0 + ((i + 0.5) / rimSize) * (x1 - x0), y0 + ((j + 0.5) / rimSize) * (y1 - y0))
      texels[j * rimSize + i] = Math.round(255 * Math.min(1, Math.max(0, 0.5 + depth / unit)))
    }
  }
  const texture = new DataTexture(texels, rimSize, rimSize, RedFormat, UnsignedByteType)
  texture.minFilter = texture.magFilter = LinearFilter
  texture.wrapS = texture.wrapT = ClampToEdgeWrapping
  texture.unpackAlignment = 1
  texture.needsUpdate = true
  return texture
}

/** Positions 0 … 1 of coordinates within an interval. */
const positions = (coordinates: Float64Array, [lower, upper]: readonly [number, number]): Float32Array<ArrayBuffer> => Float32Array.from(coordinates, v => (v - lower) / (upper - lower))

const maximumLevels = 32
/** Cells per axis that a processor draws in a few hundredths of a second. */
const coarseCells = 64

/** The height surface with plain three.js. Throws where WebGL2 is not available. */
export function createSurfaceRenderer(): FieldRenderer {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true, powerPreference: 'high-performance' })
  const gl = renderer.getContext()
  const information = gl.getExtension('WEBGL_debug_renderer_info')
  const device = String(gl.getParameter(information ? information.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  const scene = new Scene()
  const uniforms = {
    nodes: { value: null as DataTexture | null }, xs: { value: null as DataTexture | null }, ys: { value: null as DataTexture | null }, colours: { value: null as DataTexture | null },
    size: { value: [1, 1] }, box: { value: new Vector3() },
    rim: { value: null as DataTexture | null }, hasRim: { value: 0 },
    below: { value: new Vector3() }, above: { value: new Vector3() }, levels: { value: new Float32Array(maximumLevels) }, levelCount: { value: 0 },
  }
  const material = new RawShaderMaterial({ glslVersion: GLSL3, vertexShader: surfaceVertexShader, fragmentShader: surfaceFragmentShader, uniforms, side: DoubleSide })
  const fine = new BufferGeometry()
  const coarse = new BufferGeometry()
  const surface = new Mesh(fine, material)
  surface.frustumCulled = false
  surface.visible = false
  const gridLines = new LineSegments(new BufferGeometry(), new LineBasicMaterial())
  const edgeLines = new LineSegments(new BufferGeometry(), new LineBasicMaterial())
  gridLines.frustumCulled = edgeLines.frustumCulled = false
  scene.add(gridLines, edgeLines, surface)
  const camera = new Camera()
  camera.matrixAutoUpdate = false
  let shape = ''
  let shownValues: Float32Array | undefined
  let shownColours: Uint8Array | undefined
  const places: Record<'xs' | 'ys', { place: string; coordinates?: Float64Array }> = { xs: { place: '' }, ys: { place: '' } }
  let shownRim: DomainOutline | undefined
  let shownSize = ''
  let shownContent = ''

  const setLines = (lines: LineSegments<BufferGeometry, LineBasicMaterial>, points: readonly Vector[], colour: string): void => {
    lines.geometry.dispose()
    lines.geometry = new BufferGeometry()
    lines.geometry.setAttribute('position', new Float32BufferAttribute(points.flat(), 3))
    lines.material.color.setStyle(colour, SRGBColorSpace)
  }

  return {
    canvas: renderer.domElement,
    isSoftware: /swiftshader|llvmpipe|softpipe|software|basic render/i.test(device),

    setField({ picture, scale, domain, rim }: HeightField, box: Box) {
      const nx = picture.x.length
      const ny = picture.y.length
      const content = [scale.transform, scale.lower, scale.upper, scale.threshold, domain.x, domain.y].join()
      if (picture.values !== shownValues || content !== shownContent) {
        uniforms.nodes.value?.dispose()
        uniforms.nodes.value = dataTexture(surfaceNodes({ picture, scale, domain }), nx, ny, RGBAFormat)
        shownValues = picture.values
        shownContent = content
      }
      for (const [name, coordinates, interval] of [['xs', picture.x, domain.x], ['ys', picture.y, domain.y]] as const) {
        const place = interval.join()
        if (places[name].place === place && places[name].coordinates === coordinates) continue
        places[name] = { place, coordinates }
        uniforms[name].value?.dispose()
        uniforms[name].value = dataTexture(positions(coordinates, interval), coordinates.length, 1, RedFormat)
      }
      if (rim !== shownRim) {
        shownRim = rim
        uniforms.rim.value?.dispose()
        uniforms.rim.value = rim ? rimTexture(rim) : null
        uniforms.hasRim.value = rim ? 1 : 0
      }
      if (shape !== `${nx} ${ny}`) {
        shape = `${nx} ${ny}`
        const stride = Math.ceil((Math.max(nx, ny) - 1) / coarseCells)
        for (const [target, step] of [[fine, 1], [coarse, stride]] as const) {
          target.dispose()
          target.setIndex(new BufferAttribute(surfaceIndices(nx, ny, step), 1))
        }
      }
      uniforms.size.value = [nx, ny]
      uniforms.box.value.set(...box)
      surface.visible = nx > 1 && ny > 1
    },

    setAppearance({ colours, levels, edges, grid, edgeColour, gridColour }: SceneAppearance) {
      if (colours.entries !== shownColours) {
        uniforms.colours.value?.dispose()
        const table = new DataTexture(colours.entries as Uint8Array<ArrayBuffer>, colours.size, 1, RGBAFormat, UnsignedByteType)
        table.minFilter = table.magFilter = LinearFilter
        table.needsUpdate = true
        uniforms.colours.value = table
        shownColours = colours.entries
      }
      uniforms.below.value.set(...colours.below).divideScalar(255)
      uniforms.above.value.set(...colours.above).divideScalar(255)
      const used = levels.slice(0, maximumLevels)
      uniforms.levels.value.fill(-9)
      uniforms.levels.value.set(used)
      uniforms.levelCount.value = used.length
      setLines(edgeLines, edges, edgeColour)
      setLines(gridLines, grid, gridColour)
    },

    setView({ projection }: OrbitCamera, p: Projector) {
      const back = p.forward.map(v => -v) as [number, number, number]
      camera.matrix.makeBasis(new Vector3(...p.right), new Vector3(...p.up), new Vector3(...back)).setPosition(...p.position)
      camera.matrixWorld.copy(camera.matrix)
      camera.matrixWorldInverse.copy(camera.matrix).invert()
      const aspect = p.width / p.height
      // The box has a half diagonal below 1.5; near and far planes hug it for depth resolution.
      const near = Math.max(0.01, p.distance - 4)
      const far = p.distance + 6
      const half = projection === 'perspective' ? near * Math.tan(halfAngle) : p.halfHeight
      if (projection === 'perspective') camera.projectionMatrix.makePerspective(-half * aspect, half * aspect, half, -half, near, far)
      else camera.projectionMatrix.makeOrthographic(-half * aspect, half * aspect, half, -half, -10, far)
      camera.projectionMatrixInverse = new Matrix4().copy(camera.projectionMatrix).invert()
    },

    resize(width, height, ratio) {
      if (shownSize === `${width} ${height} ${ratio}`) return
      shownSize = `${width} ${height} ${ratio}`
      renderer.setPixelRatio(ratio)
      renderer.setSize(width, height, false)
    },

    setCoarse(isCoarse) {
      surface.geometry = isCoarse ? coarse : fine
    },

    render: () => renderer.render(scene, camera),

    dispose() {
      for (const name of ['nodes', 'xs', 'ys', 'colours', 'rim'] as const) uniforms[name].value?.dispose()
      for (const lines of [gridLines, edgeLines]) {
        lines.geometry.dispose()
        lines.material.dispose()
      }
      fine.dispose()
      coarse.dispose()
      material.dispose()
      renderer.dispose()
      renderer.forceContextLoss()
    },
  }
}
