const zh = {};

const en: typeof zh = {};

export const playbackMessages = { zh, en };
