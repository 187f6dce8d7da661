import { inflateSync } from "node:zlib";

/**
 * Small files that h5py 3.16 wrote with HDF5 2.0 and `libver="latest"`, most with `numpy.arange(35, dtype="<f4").reshape(5, 7)`
 * in chunks of 3 by 4. The one of the reader's tests has thousands of chunks, which would be read for each changed byte.
 */
export function smallLatestHdf5(): Uint8Array[] {
  return FILES.map((parts) => new Uint8Array(inflateSync(Buffer.from(parts.join(""), "base64"))));
}

const FILES: readonly (readonly string[])[] = [
  // Fixed arrays, one of them with shuffle, deflate and Fletcher's checksum.
  [
    "eNrr9HBx4+WS4mLm4GCAgf9QcJcFwjeAijNvXMLj7+ESxMRQwSSErBAGuJgYGBkY2AQYgBRrWmZFaspmqFY2YZAYR1pmTklqUWrKWSaouC4DaYDx",
    "+ZpTYCcwMjAyqjAwMDExMrJC5dihNDqfWYSBUVBBngHiGwUGcQ4G8XqQOqBrmbk5gD5hYWJgZmRmYWHm2s8I1bSAYdCD709v67g5ergwMHBwQWOK",
    "gRsasKvMFN9DWA32QMIBiID4ARAzODIwCACxAhAnAHEBEDcAcYejm6OLEwMDLARuQ2lbqIm5UHoulE7aEqkJ1Ak0cQEQH3CAJhWgSQ5AHOAI4U8A",
    "0jOAeAGUvwJIbwDiHUB8AIgfAPELIP4AxD8cMf14Aih2AYhvwOSALmQBYg4nbCFC3ZTBLcPAyMQMStKMYBWMcBYzWD0o5bDCU85NZqihDQOfMvqt",
    "wprAKYNRBJ4yxKEMcdXooIq45IQDjFISMnIGHBoqIiYlBjesLSwsgGEasJMtPy3IvRycFhhhfvoKpZWQ7KiEmqeKJDYPKiaHJLYHKqaIJHb30cuj",
    "YDfwSYnJJBgUcCTMMEhmbG5uZm5evFhZgpkheRvbesaNU65AFIXl3Ch8cLCb394hx12DYSPjlCUcnSYRmcEQWb+YHQcPHDjEmGZtZWVkYWnZeJPB",
    "7ToL284JH1gAdp6RgQ==",
  ],
  // An extensible array.
  [
    "eNrr9HBx4+WS4mLm4GCAgf9Q8JEZwjeAim/8J/Db38MliImhgkkIWSEMcDExMDIwsAHlGBnY04vyyzPz0jfDTHVioAL45aUwHewERgZGRhUGBiYm",
    "RkZWqBw7mvNhfGYRBkZBBXkGFjBPgUGcg0G8HshiBbqWmZtDjIGBhYmBmZGZhYVFgYVFgGs/I1TjHIZBDS79Nmt1dfRwYWDgUGARYOEipJ4FjTZn",
    "gtAf2l6lQ1gN9kDCAYiA+AEQMzgyMAgAsQIQJwBxARA3AHGHo6ujJzA+YSHFDjUpEZpgJkLpg8yoMTLSAC9HCD8wxIAhuQCIDzhAsxMwBB2AOMAR",
    "wp8ApGcA8QIofwWQ3gDEO4D4ABA/AOIXQPwBiH84YsbrCaDYBSC+4YjIaSxAzIE1xwEAXABNkg==",
  ],
  // A B-tree of version 2, with LZF.
  [
    "eNrtlrFLw0AYxd/lkjYkCCrWShcjChZBkP4B2oZSMgiKdnQoKFalWBFBEYodFR1EEHRz1E0QQScdHR0duwiOurnpa3IBlWwiLvmRl7vvvpfLd5cM",
    "t+cVSx1WxpKmiZAPxb4VxGNqPDd/cTvlFWc0bGndX40hlgYBJHrBxq6u1zeXV6tufWPpKpx5HL9kpG8w55cgIMQQoGlCGCqX/FF+iOyB6HL6oftZ",
    "B2kT6R32DFYrbTsDwdkaOmuWqG0v+j5DBMs2075PCqnrBrhFC9k7od7TwP9Su/Zm3bJXhN0ujJvB4lJakNPVaoG5g6PToNec4C3Pi2pRKACdlENV",
    "qDWqSe0W3PJkCfaz+P75RUQNKfWLjEbkQr+rPNmIXMiK8gxEeML2eFi8ISYmJiYmJuaPSPAgwAPCmSNx78g89DEeC/KMptsRDp0kThgxL3zzOdOX",
    "HLgJHkCLeqFeqXdHtiQC3wN9jxx7cmQF0uUxhYFJQ7Jt+AS132C5",
  ],
  // One chunk, one of four that was written, no chunks.
  [
    "eNrVkzFIw0AUht/dpW04Eay0FERqBjeXzi4mJZSCg+Kii1iRUgvSFmNBBLWjbm52rJs4FVyEDnbUTRFBJ0txcFQH0Un/motosQW3+pMvl3u5g3fv",
    "v7ebtBP9ckgKXSdP70pPmjuPqfhVcO5lKmnPcFrng98XepKcGJE/SBj8TjaXWUkfq71esLC46qQnuQqGW0G5lM+tZTPFfNE5F2p5mH5Xc7NZ+0yB",
    "EWOjRJwz5lP/Ampsn4sQsaAxQu5pDIroFNlurUO2ok9HYhonwXwBjZ0yteeAel/RI/7sfpUm8DLxgBKogDpoALKIBoABYsAE0yAFCqAEdsAeKIMK",
    "OARVcALq4AxcgBvQAA/gEbwCiqN+QI+3++L3rO8wdvRFwpcxFTX1QeWPEJqQs94FKfeuL+Oh2lbCStqoiVQdRPsq77vby2XXL8PsRsKyUVPvtI74",
    "2ZjtSt1HN76qH0L1GWOBv3SBbFVZsGuV7rB3lCr9O80vvFnduuIDpoWBuw==",
  ],
  // Chunks without an index, and data in the header.
  [
    "eNrVk79LQlEUx8+976UvQ1ATlBDSkAqLftrvH+8pEm5Ff0HhJCU5CP1YkqaacqzNmmqJoqUphJa2GlsCoaXR0SY79r4vpFzc6vA+7/PuuefCvZx3",
    "j5KJJaejy6FoGllRQzyo5ngE+ddtpbCcTKxK2pGexkIrHJIEka2TWFo6k91Mp9K5W6y2eeppe2ork11P5Y4l0gPUSrzd7A1/bSH0sevcaISECBNJ",
    "KUQbau3wz7HiJeEOdpN5uiD5NPLt1+t490q75iahSlKEoqrySWDNGf39uLw/PTe/8jq/DH6YMkMxIhcTZNaYLJNnDuvm+SJTMtBszhnMSswcF9gn",
    "TBHjC/Y1c8eUmDLzzlSYauz3rh4598y8WHNxIpXR4s3O0Ly3ftlSb0M6mT+zQdEOitaU794GBCnkt5pKeoVQB+MOGC7YC/vhAByEe+Aw3Av3wxF4",
    "EB6CcaOMUXgMHoej8AQ8CU/B0/AMPAvPwfPwArwI67BhOW/a6s0V/bOoHkT6PgGdYG8P",
  ],
  // Links and attributes in fractal heaps.
  [
    "eNrtWltsDFEY/s9cdme3RdtsL1bEPXaJ6tV6qVJrbYK0VVkiJCT6UNWLphHXEiWpByJECCVaIZImwiKIEPqASpS49QXRPrikSPSliT4wc86c09lh",
    "k7Hu63wv559v/v/sme/8c2bmP7sr6A8McbqdoqIAxWcd4cnkOEvn3e0pzcVB/0IB1gspRkcKpwAIwOYCtXHU1NZXVFVsLK87r4enpoAE0DmWHHXa",
    "dXoSfAdWJhRdwENIvCCQjkSHfiqcQFp/ImlX6y0ZlIoG+OOofLROwMNHgJAqhqBdgAtQ8uhRmjYqRkO6AulbVUtWxy06FVVoETUIJF6iHd2Afx4d",
    "7iUhrY1Fjz1i/OnxpuDZGoBthbHocUyKPz2W+QoPqs3MWPQ4I8efHnW3k7eocsSkx3Vb/OnxdsGBJ+r9EpMeTiX+9DjbnHuzaFHQD4omQ7LKrPKE",
    "x5FzDqBPyYzK8K1oPRyPScuQI/607OoO2QNlZXNgr/4SgXwIOjSjavb7y/jMCl1aNIA0OVQ0NXousR5uxKRlqzP+tAw0Pf3BHl7GpGVPUvxpeafN",
    "Xh9YGCwB7eVZgCT46p3dR951WeKCYGqBrgjWIBkika42grCXcmMcUwN41ZE1vwS86vQkmledxscpp7GXTfMaRryGmr3A9eFdoEz1AnoVCCLbwVGV",
    "wHp1JPSMW+/CDZFt7YmRE4sWzQ+AXO3qUr9AtN+AjpPPXbABm68+p46Hcmz2b8/PhIvY3Nyy7zB4sekp3XYRCrCJlhdfgVJsZnYO6Ybd2FzcfLcf",
    "WrBZWKz0AsffBjz/NnZIcoAlFJlmluJkqkV6SKabrSAkU2R6SHKIdU0Sgn7W6knBvqpJan3KmNrIp+R3Y9ZP6GPu7OL5OGuSvr00VZvWWTMvRuGl",
    "KLwchbdF4e1ReCUK74jCU2QM43nDwcHBwcHBwcHBwcHBwcHxFwLXxrWKxzdr4wN6rYNu3bDaixTZy3fUxlkk6dqj1cYnUK5u0+suUs8esFTP9rAz",
    "efoQRkBkG6i99wDXMxXwap4+7eIAHh6ZIsBVGCT6ZqxNg4MGj4/X7k2GHQaPF6GeSug0eCQCqoEVBkI+23IE+gwh971VrZBmIBrOOcOwwECEPrX0",
    "fuidt58n4q/M8aC/iP2LCuPooQP5IthIpbq6pr48C4YjhO+AJJZSeFcY297kwSSMCMu2FCaYw3IshYnmsFxLYZI5LM9SmGwOy7cUZjOHTbMUZjeH",
    "+SyFKeaw6ZbCHPwe+O/vf/pnRw3tO9uy0OCDKKuOPmwk9rjJ3i5Qju1P5OwTKcf2JnJbJcqxfYm8sEw5tieR326jHNuPmDZUoRzbi/AtdVCO7UNM",
    "P+Xkk/gD+AI+dx0K",
  ],
];
