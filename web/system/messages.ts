const zh = {};

const en: typeof zh = {};

export const systemMessages = { zh, en };
