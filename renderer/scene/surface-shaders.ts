/**
 * The landscape's shaders. Vertices have no attributes: their number names a node; heights, slopes and coordinates are textures. Shading multiplies linear light
 * by one factor for all three channels, never above 1: hue and saturation of the colour map stay what they are.
 */
export const surfaceVertexShader = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform sampler2D nodes, xs, ys;
uniform ivec2 size;
uniform vec3 box;
uniform mat4 viewMatrix, projectionMatrix;
out float position01;
out float missing;
out vec3 normal;
out vec3 toEye;
out vec2 place01;

void main() {
  ivec2 p = ivec2(gl_VertexID % size.x, gl_VertexID / size.x);
  vec4 node = texelFetch(nodes, p, 0);
  missing = node.x < -5.0 ? 1.0 : 0.0;
  position01 = missing > 0.5 ? 0.0 : node.x;
  vec2 place = vec2(texelFetch(xs, ivec2(p.x, 0), 0).r, texelFetch(ys, ivec2(p.y, 0), 0).r);
  place01 = place;
  vec4 seen = viewMatrix * vec4((vec3(place, clamp(position01, 0.0, 1.0)) * 2.0 - 1.0) * box, 1.0);
  normal = mat3(viewMatrix) * vec3(-node.y / box.x, -node.z / box.y, 1.0 / box.z);
  toEye = -seen.xyz;
  gl_Position = projectionMatrix * seen;
}`

export const surfaceFragmentShader = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform sampler2D colours;
uniform vec3 below, above;
uniform float levels[32];
uniform int levelCount;
uniform sampler2D rim;
uniform float hasRim;
in vec2 place01;
in float position01;
in float missing;
in vec3 normal;
in vec3 toEye;
out vec4 pixel;

vec3 toLinear(vec3 c) { return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c)); }
vec3 toSrgb(vec3 c) { return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c)); }

void main() {
  if (missing > 0.001) discard;
  if (hasRim > 0.5 && texture(rim, place01).r < 0.5) discard;
  float t = position01;
  vec3 colour = t < -1e-4 ? below : t > 1.0 + 1e-4 ? above : texture(colours, vec2((clamp(t, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  vec3 n = normalize(normal);
  if (dot(n, toEye) < 0.0) n = -n;
  // A lamp over the viewer's left shoulder and as much light from everywhere.
  float diffuse = 0.5 + 0.5 * dot(n, normalize(vec3(-0.45, 0.65, 0.62)));
  float light = 0.58 + 0.42 * diffuse;
  vec3 linear = toLinear(colour) * light;
  float width = fwidth(t);
  float line = 0.0;
  for (int k = 0; k < 32; k++) {
    if (k >= levelCount) break;
    line = max(line, 1.0 - smoothstep(0.3, 1.1, abs(t - levels[k]) / max(width, 1e-7)));
  }
  float luminance = dot(linear, vec3(0.2126, 0.7152, 0.0722));
  vec3 shown = toSrgb(linear);
  pixel = vec4(mix(shown, luminance > 0.16 ? vec3(0.05) : vec3(0.95), line * 0.45), 1.0);
}`
