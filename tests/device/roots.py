"""What the machines are made of: a kernel with its modules, a root of each Debian, and a place to build for each.

All of it is made with mmdebstrap from the Debian that this machine takes its packages from, and kept outside the tree
(${XDG_CACHE_HOME:-/var/cache}/karani-device), each under a hash of what made it; what is missing is made again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]

# What karanid, the bench and the stories need at run time; the same in both, but for the names of the libraries.
COMMON = ["systemd-sysv", "dbus", "udev", "kmod", "libcairo2", "libpango-1.0-0", "libpangocairo-1.0-0",
          "libpangoft2-1.0-0", "libfontconfig1", "librsvg2-2", "libsqlite3-0", "libjson-glib-1.0-0", "libuuid1",
          "libsystemd0", "fonts-b612", "fuse3", "tzdata", "python3", "e2fsprogs"]
SUITES = {
    "trixie": [*COMMON, "libgpiod3", "libglib2.0-0t64", "libchafa0t64", "libfuse3-4"],
    "bookworm": [*COMMON, "libgpiod2", "libglib2.0-0", "libchafa0", "libfuse3-3"],
}
# One kernel for all: Debian 12's, because its headers, its source and its modules are of one version.
KERNEL_SUITE = "bookworm"
KERNEL_SOURCE = "linux-source-6.1"
KERNEL_PACKAGES = ["linux-headers-amd64", KERNEL_SOURCE, "busybox-static", "make", "xz-utils"]
# What the machines get beside the product (device.mk).
BENCH_PROGRAMS = ["spidev-cuse", "karanid-hasty"]
# Beside what the Makefile asks for.
BUILD_TOOLS = ["make", "libfuse3-dev"]
LEFT_OUT = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"]
# With what they depend on: each is loaded after those it needs.
MODULES = ["virtio", "virtio_ring", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_blk",
           "virtio_console", "crc16", "crc32c_generic", "libcrc32c", "mbcache", "jbd2", "ext4", "overlay",
           "libnvdimm", "nd_btt", "nd_pmem", "nd_e820", "configfs", "fuse", "cuse"]
# gpio-sim.c and irq_sim.c as one module. irq_to_desc() is not exported; generic_handle_irq() does the same for us.
KERNEL_MODULE = """
obj-m := karani-gpio-sim.o
karani-gpio-sim-y := gpio-sim.o irq_sim.o
"""
KERNEL_MODULE_BUILD = f"""
set -eu
version=$(basename /lib/modules/*)
mkdir -p /made /src && cd /src
tar --strip-components=1 -xJf /usr/src/{KERNEL_SOURCE}.tar.xz --wildcards \\
    '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c' '*/scripts/extract-vmlinux'
mv drivers/gpio/* kernel/irq/irq_sim.c .
sed -i 's/handle_simple_irq(irq_to_desc(\\(.*\\)));/generic_handle_irq(\\1);/' irq_sim.c
grep -q 'generic_handle_irq(' irq_sim.c
make -s -C "/lib/modules/$version/build" M=/src modules
cp karani-gpio-sim.ko /bin/busybox /made
dpkg-deb -x /root/linux-image-*.deb /image
# Unpacked once for all boots.
sh scripts/extract-vmlinux /image/boot/vmlinuz-* >/made/vmlinux
for module in {' '.join(MODULES)}; do
    found=$(find /image/lib/modules -name "$module.ko" -o -name "$(echo $module | tr _ -).ko")
    test -z "$found" || cp $found "/made/$module.ko"
done
strip --strip-debug /made/*.ko  # and their signatures, whose proof takes longer than all else that loading does
"""


def fail(sentence):
    sys.exit(f"tests/device: {sentence}")


def cache_directory():
    chosen = os.environ.get("KARANI_DEVICE_CACHE")
    return Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or "/var/cache", "karani-device")


@contextlib.contextmanager
def cache_lock():
    """One at a time makes things or builds in them."""
    cache_directory().mkdir(parents=True, exist_ok=True)
    with open(cache_directory() / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def cached(name, recipe, make):
    """The directory NAME-HASH in the cache; made by make(directory) where it is missing, in place of older ones."""
    key = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]
    place = cache_directory() / f"{name}-{key}"
    if place.exists():
        return place
    begun = time.monotonic()
    for old in cache_directory().glob(f"{name}-*"):
        shutil.rmtree(old)
    unfinished = cache_directory() / f"{name}-unfinished"
    unfinished.mkdir()
    make(unfinished)
    unfinished.rename(place)
    print(f"made {place} in {time.monotonic() - begun:.0f} s", flush=True)
    return place


def command(*words, log=None, **options):
    """Runs a program; what it said is shown only if it failed."""
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if log:
        log.write_bytes(done.stdout)
    if done.returncode:
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        fail(f"{words[0]} ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


# --- Debian

def archives():
    """Where this machine's apt takes Debian from: {"Debian": URI, "Debian-Security": URI}."""
    listed = command("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages")
    found = dict(line.split(maxsplit=1) for line in listed.splitlines() if line.startswith("Debian"))
    if "Debian" not in found:
        fail("apt knows no Debian archive; its sources and lists (apt-get update) are what the roots are made from")
    return found


def source_lines(suite):
    where = archives()
    lines = [f"deb {where['Debian']} {suite} main", f"deb {where['Debian']} {suite}-updates main"]
    if "Debian-Security" in where:
        lines.append(f"deb {where['Debian-Security']} {suite}-security main")
    return "\n".join(lines) + "\n"


def bootstrap(directory, suite, packages, *options):
    """A root of a Debian with these packages."""
    proxy = command("apt-config", "dump", "--format", "%f \"%v\";%n", "Acquire::http::Proxy").strip()
    options = [*options, "--dpkgopt=force-unsafe-io", *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT)]
    sources = directory.with_name(directory.name + ".list")
    sources.write_text(source_lines(suite), encoding="utf-8")
    command("mmdebstrap", "--mode=root", "--format=directory", "--skip=output/dev", f"--include={','.join(packages)}",
            *([f"--aptopt={proxy}"] if proxy else []), *options, suite, directory, sources)
    sources.unlink()


def in_root(root, *words, **options):
    """Runs a program inside a root, with its own /proc."""
    script = f'mount -t proc proc "{root}/proc" && mount -t devtmpfs dev "{root}/dev" && exec chroot "{root}" "$@"'
    return command("unshare", "--mount", "sh", "-c", script, "sh", *words, **options)


# --- what is made of it

def make_kernel(place):
    root = place / "root"
    download = 'chroot "$1" sh -c "cd /root && apt-get -q download linux-image-$(basename "$1"/lib/modules/*)"'
    bootstrap(root, KERNEL_SUITE, KERNEL_PACKAGES, "--variant=apt", f"--customize-hook={download}")
    (root / "src").mkdir()
    (root / "src/Makefile").write_text(KERNEL_MODULE, encoding="utf-8")
    in_root(root, "sh", "-c", KERNEL_MODULE_BUILD)
    for made in (root / "made").iterdir():
        shutil.copy(made, place)
    shutil.rmtree(root)


def kernel():
    """A directory with vmlinux and the modules."""
    return cached("kernel", [KERNEL_SUITE, KERNEL_PACKAGES, KERNEL_MODULE, KERNEL_MODULE_BUILD], make_kernel)


def make_guest(suite):
    def make(place):
        root = place / "root"
        bootstrap(root, suite, SUITES[suite], "--variant=essential")
        (root / "var/lib/karani").mkdir()
        command("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-d", root, place / "root.ext4", "1G")
        command("resize2fs", "-M", place / "root.ext4")  # each machine takes all of it into its memory
        shutil.rmtree(root)
    return make


def guest(suite):
    """The disk image of a machine's root."""
    return cached(f"guest-{suite}", [suite, SUITES[suite], LEFT_OUT, "least size"], make_guest(suite)) / "root.ext4"


def build_packages():
    """What the Makefile says that building needs."""
    listed = command("make", "-s", "--no-print-directory", "-C", TREE, "--eval=device-deps: ; @echo $(DEPS)",
                     "device-deps")
    return sorted({*listed.split(), *BUILD_TOOLS})


def builder(suite):
    """A root to build in."""
    packages = build_packages()
    return cached(f"builder-{suite}", [suite, packages, LEFT_OUT],
                  lambda place: bootstrap(place / "root", suite, packages, "--variant=essential")) / "root"


def source_files():
    for top in ("Makefile", "assets", "daemon", "display", "systemd", "tests"):
        yield from ([TREE / top] if (TREE / top).is_file() else sorted((TREE / top).rglob("*")))


def bring_sources(target):
    """The tree's files, the changed ones only: their times tell make what to build again."""
    wanted = {path.relative_to(TREE): path for path in source_files() if path.is_file()}
    for old in [path for path in target.rglob("*") if path.is_file() and "build" not in path.parts]:
        if old.relative_to(target) not in wanted:
            old.unlink()
    for name, path in wanted.items():
        to = target / name
        if not to.exists() or to.read_bytes() != path.read_bytes():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
        to.chmod(path.stat().st_mode & 0o777)


def build(suite):
    """Builds the tree with a Debian's own libraries: the directory of `make install`, with the bench beside it."""
    root = builder(suite)
    source = root / "src/karani"
    source.mkdir(parents=True, exist_ok=True)
    bring_sources(source)
    shutil.rmtree(root / "installed", ignore_errors=True)
    in_root(root, "make", "-C", "/src/karani", f"-j{os.cpu_count()}", "DESTDIR=/installed", "all", "install",
            *(f"build/release/device/{program}" for program in BENCH_PROGRAMS))
    return root


def prepare(suites):
    """Makes what is missing, two at a time: most of it is waiting for the mirror and the disk."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        made = [pool.submit(kernel), *(pool.submit(make, suite) for suite in suites for make in (builder, guest))]
        for one in made:
            one.result()
