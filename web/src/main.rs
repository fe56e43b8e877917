use murmuration_web::{Options, mount};

fn main() {
    mount(gloo::utils::body().into(), Options::default());
}
