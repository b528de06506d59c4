#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
int cuInit(unsigned f) { return 0; }
int cuDriverGetVersion(int *v) { *v = 12060; return 0; }
int cuDeviceGetCount(int *n) { *n = 1; return 0; }
int cuDeviceGet(int *d, int i) { *d = i; return 0; }
int cuDeviceGetName(char *s, int n, int d) { strncpy(s, "stand-in", n); return 0; }
int cuDeviceGetAttribute(int *v, int a, int d) { *v = a == 75 ? 9 : a == 76 ? 0 : a == 16 ? 132 : 1; return 0; }
int cuDeviceComputeCapability(int *a, int *b, int d) { *a = 9; *b = 0; return 0; }
int cuDeviceTotalMem_v2(size_t *b, int d) { *b = (size_t)8 << 30; return 0; }
int cuDeviceGetPCIBusId(char *s, int n, int d) { strncpy(s, "0000:01:00.0", n); return 0; }
int cuGetErrorName(int e, const char **s) { *s = "CUDA_ERROR_STAND_IN"; return 0; }
int cuGetErrorString(int e, const char **s) { *s = "a stand-in computes nothing"; return 0; }
int cuGetProcAddress_v2(const char *n, void **f, int v, uint64_t g, int *s) { *f = dlsym(RTLD_DEFAULT, n); if (s) *s = *f ? 0 : 1; return *f ? 0 : 500; }
