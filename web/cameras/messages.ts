const zh = {};

const en: typeof zh = {};

export const cameraMessages = { zh, en };
