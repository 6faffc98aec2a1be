/** Shader text that the still background and the moving actors have in common: the key light and its shadows. */

/** The key light at a world position: its direction, its colour with distance and cone, and what shades it. */
export const KEY_LIGHT = `
  uniform int keyKind;            // 0 sun, 1 lamp
  uniform vec3 keyPosition;       // of the lamp; the direction towards the sun
  uniform vec3 keyAim;            // the lamp's axis
  uniform vec2 keyCone;           // cosine of where it begins to fade, of where it ends
  uniform vec3 keyColour;
  uniform mat4 keyMatrix;

  vec3 keyDirection(vec3 place) {
    return keyKind == 0 ? keyPosition : normalize(keyPosition - place);
  }
  vec3 keyIrradiance(vec3 place) {
    if (keyKind == 0) return keyColour;
    vec3 away = place - keyPosition;
    float cone = smoothstep(keyCone.y, keyCone.x, dot(normalize(away), keyAim));
    return keyColour * cone / max(dot(away, away), 0.25);
  }
  float litBy(sampler2D depths, vec3 place, vec3 outward, float bias) {
    vec4 seen = keyMatrix * vec4(place + outward * 0.03, 1.0);
    vec3 at = seen.xyz / seen.w * 0.5 + 0.5;
    if (at.x <= 0.0 || at.x >= 1.0 || at.y <= 0.0 || at.y >= 1.0 || at.z >= 1.0) return 1.0;
    float texel = 1.0 / float(textureSize(depths, 0).x);
    float sum = 0.0;
    for (int x = -1; x <= 1; x++) for (int y = -1; y <= 1; y++)
      sum += step(at.z - bias, texture2D(depths, at.xy + vec2(x, y) * texel * 1.2).r);
    return sum / 9.0;
  }`;

/** Mist: `fog` is its colour, `fogPerMetre` its density. */
export const FOG = `
  uniform vec3 fog; uniform float fogPerMetre;
  vec3 throughFog(vec3 colour, float metres) { return mix(fog, colour, exp(-metres * fogPerMetre)); }`;

/** The material of everything that moves. Geometry has `color` and `shine` (gloss, glow) per vertex. */
export const ACTOR_VERTEX = `
  attribute vec2 shine; attribute vec3 color;
  varying vec3 place; varying vec3 outward; varying vec3 paint; varying vec2 gleam; varying float away;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    place = world.xyz;
    outward = mat3(modelMatrix) * normal;
    paint = color; gleam = shine;
    vec4 seen = viewMatrix * world;
    away = -seen.z;
    gl_Position = projectionMatrix * seen;
  }`;

export const ACTOR_FRAGMENT = `
  varying vec3 place; varying vec3 outward; varying vec3 paint; varying vec2 gleam; varying float away;
  uniform vec3 skyLight; uniform vec3 groundLight;
  uniform vec3 lampPositions[4]; uniform vec3 lampColours[4];
  uniform sampler2D stillDepths; uniform sampler2D movingDepths; uniform float bias; uniform float glowScale;
  ${KEY_LIGHT}
  ${FOG}
  void main() {
    vec3 n = normalize(outward);
    vec3 toEye = normalize(cameraPosition - place);
    if (dot(n, toEye) < 0.0) n = -n;
    vec3 l = keyDirection(place);
    float lit = litBy(stillDepths, place, n, bias * 2.0) * litBy(movingDepths, place, n, bias * 2.0);
    vec3 key = keyIrradiance(place) * lit;
    vec3 light = mix(groundLight, skyLight, 0.5 + 0.5 * n.y) + key * max(dot(n, l), 0.0) / 3.14159;
    for (int i = 0; i < 4; i++) {
      vec3 toLamp = lampPositions[i] - place;
      float metres2 = max(dot(toLamp, toLamp), 0.3);
      light += lampColours[i] / metres2 * max(0.15 + 0.85 * dot(n, toLamp * inversesqrt(metres2)), 0.0) / 3.14159;
    }
    vec3 colour = paint * light;
    if (gleam.x > 0.0) {
      vec3 mirrored = reflect(-toEye, n);
      float rim = 0.04 + 0.5 * pow(1.0 - max(dot(n, toEye), 0.0), 4.0);
      vec3 around = mix(groundLight * 0.5, skyLight, smoothstep(-0.1, 0.5, mirrored.y));
      colour += gleam.x * rim * around;
      colour += gleam.x * key * pow(max(dot(mirrored, l), 0.0), 60.0) * 0.5;
    }
    colour += paint * gleam.y * glowScale;
    gl_FragColor = vec4(throughFog(colour, away), 1.0);
  }`;
