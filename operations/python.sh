# Sourced by ./run and ./test: finds a Python new enough and names it $python, or says how to get one.

find_python() {
    for python in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    cat >&2 <<'END'
Fangtan needs Python 3.11 or newer and found none.
  Debian 12, Ubuntu 24.04 or newer:  sudo apt install python3 python3-venv
  elsewhere: install it, or name it:  PYTHON=/path/to/python3 ./run
需要 Python 3.11 或更高版本，这台机器上没有找到。
  Debian 12、Ubuntu 24.04 及以上：  sudo apt install python3 python3-venv
  其他系统：安装后再运行，或指明位置：PYTHON=/path/to/python3 ./run
END
    return 1
}
