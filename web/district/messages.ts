/** Words of the tree of areas, compounds and cameras, and of what a district is made of. */
const zh = {
  filter: '筛选区域、小区、摄像机',
  unplaced: '未归属小区',
  tree: '摄像机目录',
  emptyTree: '还没有摄像机',
  emptyTreeHint: '请在“设备”中添加摄像机。',
  noMatch: '没有匹配项',
  onlineOf: '在线 {online} / 共 {total}',
};

const en: typeof zh = {
  filter: 'Filter areas, compounds, cameras',
  unplaced: 'Not in a compound',
  tree: 'Cameras',
  emptyTree: 'There are no cameras yet',
  emptyTreeHint: 'Add cameras under “Devices”.',
  noMatch: 'Nothing matches',
  onlineOf: '{online} of {total} online',
};

export const districtMessages = { zh, en };
