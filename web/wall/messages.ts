const zh = {};

const en: typeof zh = {};

export const wallMessages = { zh, en };
