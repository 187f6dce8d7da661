import { inflateSync } from "node:zlib";

/**
 * A file that h5py 3.16 wrote with HDF5 2.0 and `libver="latest"`: superblock 3, new object headers, links and attributes
 * in fractal heaps, every kind of chunk index. Its layouts cannot well be written by hand, so here it is, compressed.
 * Most datasets are `numpy.arange(35, dtype="<f4").reshape(5, 7)`; `hdf5Latest.test.ts` says what the others are.
 */
export function latestHdf5(): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(BASE64.join(""), "base64")));
}

const BASE64: readonly string[] = [
  "eNrtXQ9YVFUWP2/mDQwzAwKCgWINauZ/hhTUbVMGAbE0FEmzspVgUBIEERUNlFxNrVTUDc3MoDRd0yRb/LAy0G13tV0V/Uxtt/ymtV2xrEVr1T",
  "Jl77vv3seb56Bj4Sp0fp/He9+597x77zn3vTnvvPu4ixPjEnxN7U16oxE4GhjG/VE+tjH+UzlPBSUlxiXroMCkAwEgOBBEgKQqufhzluoCpf8H",
  "FcpHtSyFWGgGnPzksb20CwIIQhfSlk4QDKzMm6XaY30QCAHWu6SuEljhDiPcMVeqR8agNxtJb0Ud6AWdXtSbqgUmVAa3PRaZB76aYE+MAzCafB",
  "jvH6z/z7fbNCnBHkd0royI2TeEpTaWJrJ0AksLWFrC0k0srWFp3czSmc1rAXMYEOVLE0qgNQQlp5c7HkhrMgvZ9eykxbfeAukXT35LLSAEKRYY",
  "z/r37bztKdQCAu/xcabB9qoznHPDs7BTdVDx7mG8EBVvsBveWDe8HMYLVc8dN7xyxgtS8V4+WnJWsTYpIMYWqsxyGU/1FhD8jZLd5GnGrqsAel",
  "1JAnpTBJ8RO6HlonRhkYVfb3zsxwLYVVQdkOLpVcFvr9e5L7VrvC+JVlH0Ny32YidYe3vr6e5PD8YlDUl80N8fYOSbMq8PL/TT1r7894YVUhov",
  "a9Yq+osmbR1+CytlKb/W+Ew9xDRzcfUGMd4+jNz1uK4qWdXLLI1n597PT+HvapNfCl4f/9+VKgUXDyb/xQA4CYGdaIVQDMkXEyojZCXHNolHqC",
  "amUW6kvTE/geRzCRUT2kSoglAVoUWESgitlmQJ7SVUS6hMJXtclXeSfB2hervrJLhol50IUeNIGN06FgVPpE2I0fla2oSIIWc6hoV1FALe0G0v",
  "mb5wDy2Bhc8aTF5+Mc66OiOEzNHnh/wY6kVLivUWi2Cx+FksSy0W8OsprPDrsPe0XDR/3rPBHWYMmCdAl97iqZPrd1fK/KU+ff3WVjmNXtDjFc",
  "OyuJLooTLfYLH0DwkJ222EgFnCpYNFd/5V5ntHDIJhQ4cOtfpAeLW+sOeIKUfkgrssvWIOH9rnk6iDNlXCntl/2l8hd9fPdlrsKuhEeDDuvnOP",
  "tVaj6cUbHZlIh+Ykt4iR9mKTcONDEumYnNJwysxE3ouNxaqHequ+Rrr1mFTDYCyRjsBpItMs+MPy0D22oAWH7ulR0rG8c4UQ3jZfTJgwPzHd4e",
  "iyPTB08Za4hE7LE/0uXDq45OK2tY8HLnjg9banFi1f3HnxS+axpv7txvSYGX1nv3Vn3q97//v6u/M+rAlvgKRtoZsHEwcnxno1uaqCG7b1TQZX",
  "0PGBPEauA8pnaRlL+dicfIysD/4stbLUxtIYu1oPwrXhqmpOMSoqVlGZimpU5FQR7Z690WScrCqyqUjdvnYaqE2vNrc0NLVp1eYs05habV7JpG",
  "pTqs1njAVEa0A8fUhUXEuCYOYijWfpv5ir1JsdTzfdXJfpzNk5XzX1yOGh6xzMHz2Y57wjh41tawuzTtQTlee5K/3cluu50qvCqnUsKz/788eu",
  "shXhUUc81f+Sm2xfBAKBQCAQCAQCgUAgEAgEAoFAIBAIBAKBQCAQPx21q7qE4XoXBAKBQCAQCAQCgUAgEAgEAoFAIBAIBAKBQCBaB3AlBAKBQC",
  "AQCAQCgUAgEAgEAoFAIBAIBAKBQNxaLGV/l/0/pYUN6s2S+J98f4GlfH+0WF855X87fz3bviJxrpz6zhwiXm/LKm0frrORW3sQyNmKRBBIL7Jm",
  "Z9B6BkHejsx4R+M2bgZpN7r0bjFTWTtFt/ideHX9ihnx9tGxAHyrgHqhcfSLnnGvjeUfRbWPTSGWMEvDISokQ8pgQ/JRNqmKE9NOxaYMTwDzMm",
  "ZBvjmb4KYnG69Rh+erWZ0AN/J8NtS6OY+2vbpr1FHqstnj76YfvC1/Vqetm35wdL5GHX6+aDPX3dV1eNq5R0JHXMOBQCAQiJaBZt4w1yL5WY3b",
  "5Bo7SiU6vWDwFoXHVM0OZj+osOA20UNo18J9fD+jsWzPqab3M4J3vardKI+7B2yzQNAeU+WFu1GeiSivp8SVttFT9n3W60S9yfk0E159+06i4P",
  "dK/sKV91rA9ZSXN+nsUpA2gpI3rOUbfP3IBhrU/VS9vEkUH/oa842tD5186bmkhOTEkXTS6tQOouIfs+PzhU04cwyBHipAVEkKzLgCjNvNeX3C",
  "vt5D/XGDVM9M/fHEIt4Gb+VHn5UNCaMlrSzX+J/CVe2NhALSBi/53Q6Zzzdr5umRhR8/Sj18Q+ilQm/oSmq3gX09ynpDkCC1fPi5A71BR7NrGj",
  "r1gbupz50Xlmuj24wHgHNd/0gYRyq0g4Kn2wyFWSBlyw9HJ0My7XvfV7pMgHRpDsDpQeUOiBKkzW9/tWHraqinFd4a1LAOPqP+dVaHR9bD/bTu",
  "/dmGClhGm1jYducueJs68kM6daohhVI24MlvzoCkvzDYGPNKPQwTJG5q5Kb78J59Y5C3HeZPj/wK2H6dayqv+MauOdNU1/rrFrSsNd2jlpSmyT",
  "sOck3ZWkDvd5hvrpaPrYoY6qqVXB2u00f8PLxrbln3BoQrvv9gTqUmJundtDW/8/CX4FjqzHmu95p6E84RBAKBQLjiA/QhfhEIvXwkgIbZwh8t",
  "0k9WUzPFLH2MASCI7O2vbg+PS5a3gCd7/7VxR93r5oXm0k2J9Naev78vHixFKMk/QsWEygjVEHISAjvpDyErIRuhGEIjCU0glEuomNAiQiWEVh",
  "MqI7SJUAWhKkI1hPYSqiV0nJCTUB2hekIX7dKiAQCRkDEW3mppEZjjz88+fFPnsNnoR7Sj/3K5Klq4vmXopmj6iflDhyQNF1Sv8nm0s5/2tf7U",
  "PpOiII2uI1FHRLXHeUdfNauDuTz8npqemq1eh8Ijz1Ny8h1WW2M9F35koy1c+Pc2Hrvw+zbazIVPBmN0x49qfE3gwo8GMLnj91cWPrjyBwBY3P",
  "EHAvhq5pI8LpsSmXflRyp6zPXD6CkCgUAgEAgEAoFAIJoP2mV0Os1zqfZYHw3CGJ38PJ0H4C4skglik9ESk7TATi+sYY/Lubwbc261HrKyv7hw",
  "w+sxw0F4RCfHP/yNPA5ihAT78NHxkJL8cDzhqYdtYtGAzrzVlbflnDj/RK+1VBdQoKPr465acKSTxurVRhqyOCM1b9oCHvGKb6Yu2J765LesC9",
  "LCxrzZMpsvbJQ7IJVse9q1xBItxZgMECTNvymp2Q4IFQQa3JKIW0ia1dL85FE7Osstrl2I39+pXJkRbJHhNSOBzMi9mZF5RAtqWv5d4tCY3UE/",
  "RReRrVAXpUsuvqjoIojoQhAEHtVUUg90E8V0o0y7ipanC9u3Yy43hy7srUAXtQ1LH2gOXYxoBbqo+/MjGc2hi3GtQBfHv9zzBV+g/+FW11+rqx",
  "fob9M96WwOzTlageZ2TkzeLWkuOFAaqtYJ0f5efxN6emVzaG5qK9Dc0aOrP5Y0J7tvV9hb25JtoBmajF1ff9qvOTRX1Ao098n69z++9vcr49jr",
  "zh3bNI9Imu9XLB622MT3K9Wc985Df/ta+/2KsYK3wVu5OHdYofz9Cu+fp9+vvNXE9yuTXioNl79fmRJ0DCCcNrdvw2dBMIpmI+7JCIM1IL3i/H",
  "dDcBfq+lvgwryoPjCdZqetjRkCz9BsYfmKNdCbZruNKq6k35lYQBiftBMG0uzjlav2wxJ6sj4HfD+H8ZQ7du1HF8jjpJQNPn3MB5/Wb1l04Gfc",
  "FRa3grvC5PvH+DSHLl5sBbqYOCsmpzl0Ud4KdBGx7eRwqgurdnVRiOTuTWa31u4qEW//Qz/ccKDJBHqdrlclK1UpcStTIl8mBptbkvq8nVOWSW",
  "4KmS4Gd9OlnYGwpB/HF53ZqQmjR8crH40KywFypN+viNrZSbSE/xwL5Pdvo5Rpcz5wBC3x3slKUgTYQn9qOw4+PwcQ/zdQh8rYlEOVwjwUbicl",
  "WiT+ZIdKdHWoukkO1XucNzjxhWTqUNE4YAB1qMbt1DpUD8fVpskOVYpHDlU3pWQvu+o7gGt6ovA7K3WojNBdqtlfUgHA4Zd764B2jjHODZraDl",
  "apapzdtb8n/FqauQNkxgmvWanSbUCp8WiPXZkwX3WOE2P+ORkOqM5BvK0cmKBiGCrKX4ZzKpGD3bNfg3Yqxpy3TdthhIox5ofyryBf1Y/kLRnn",
  "7zJf2YEz3OMrITEuFpKqVJypzq/m6cGLBaxz8h22JiPWXqqItZ6SSizSIzFRK3avR2IGrVhfj8S8tGL9PBLz1opFeSRm1IpFeyTmoxXr75GYSS",
  "s2wCMxs1ZsoEdiFirmrTJ309PEWyXne5VcpEdyuPr0Jl7/V1Sr6Ks2j1pBPMF7rRv5j4tgM25Q8pFBbyj5vr02Kfl+A36v5KPiNiv56DlvKvn+",
  "VVuU/IBzW5X8QON2ntdF2oLeaTyItP4BTXTz7T+osJHx2c6unQUwZGQWONLfURwMX3qckJmV78hzpEfpON9E+SNTJzqmdRY503tiXs7MzCkTHz",
  "Qo1RgnITWvVFnXb2bM2Jz8SVdyONdrGmFlOTJmNTJyU/OmOV5nb1wFoyBmp06Z5QURtG3BGOPjyJrmmDmJ9IzcXcjJHHnSpwERBUTYmJmdm5WZ",
  "lplvWqr0Li0nOzc1Lb/rMoUzIzMvf3pq1oESlzpZjoIvyzmHtDlt8vnX+KFPTm5+ZnbmbEeebj3nGaS3u+n8oYiMLyfjIYmTMivX8ZvK29T+/w",
  "PBN55Q",
];
